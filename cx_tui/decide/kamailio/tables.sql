-- The tables of a Kamailio that CX TUI wrote the configuration of.
CREATE TABLE version (
    table_name VARCHAR(32) NOT NULL UNIQUE,
    table_version INTEGER DEFAULT 0 NOT NULL
);

-- One row for each attempt of a call: what CX TUI reads.
CREATE TABLE acc_cdrs (
    id @ID@ PRIMARY KEY NOT NULL,
    start_time TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:00' NOT NULL,
    end_time TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:00' NOT NULL,
    duration @REAL@ DEFAULT 0 NOT NULL,
    callid TEXT DEFAULT '' NOT NULL,
    customer TEXT DEFAULT '' NOT NULL,
    auth TEXT DEFAULT '' NOT NULL,
    route TEXT DEFAULT '' NOT NULL,
    src_ip TEXT DEFAULT '' NOT NULL,
    cli_in TEXT DEFAULT '' NOT NULL,
    dialled TEXT DEFAULT '' NOT NULL,
    cli TEXT DEFAULT '' NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    tries TEXT DEFAULT '' NOT NULL,
    sip_code TEXT DEFAULT '' NOT NULL,
    sip_reason TEXT DEFAULT '' NOT NULL,
    invited_at TEXT DEFAULT '' NOT NULL,
    ringing_at TEXT DEFAULT '' NOT NULL,
    answered_at TEXT DEFAULT '' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    gate TEXT DEFAULT '' NOT NULL
);
CREATE INDEX acc_cdrs_start_time_idx ON acc_cdrs (start_time);
INSERT INTO version (table_name, table_version) VALUES ('acc_cdrs', 2);
