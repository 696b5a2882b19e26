"""Small call files as switches write them; numbers, names and addresses are those of documentation."""

from pathlib import Path

DATA = Path(__file__).parent / "data"

MASTER = (DATA / "asterisk-Master.csv").read_text()
CUSTOM = (DATA / "asterisk-custom.csv").read_text()
PGSQL = (DATA / "asterisk-sql.csv").read_text()
FREESWITCH = (DATA / "freeswitch.csv").read_text()
SECOND_LEG = (DATA / "freeswitch-second-leg.csv").read_text()
ACC_CDRS = (DATA / "kamailio-acc_cdrs.csv").read_text()
ACC = (DATA / "kamailio-acc.csv").read_text()
OPENSIPS = (DATA / "opensips.csv").read_text()
CONNEXCS = (DATA / "connexcs.csv").read_text()
