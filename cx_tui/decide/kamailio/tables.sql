-- The tables of a Kamailio that CX TUI wrote the configuration of.
CREATE TABLE version (
    table_name VARCHAR(32) NOT NULL UNIQUE,
    table_version INTEGER DEFAULT 0 NOT NULL
);

-- One row for each attempt of a call: what CX TUI reads.  What is not known of a call is NULL.
CREATE TABLE acc_cdrs (
    id @ID@ PRIMARY KEY NOT NULL,
    start_time TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:00' NOT NULL,
    end_time TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:00' NOT NULL,
    duration @REAL@ DEFAULT 0 NOT NULL,
    callid TEXT DEFAULT '',
    customer TEXT DEFAULT '',
    auth TEXT DEFAULT '',
    route TEXT DEFAULT '',
    src_ip TEXT DEFAULT '',
    cli_in TEXT DEFAULT '',
    dialled TEXT DEFAULT '',
    cli TEXT DEFAULT '',
    number TEXT DEFAULT '',
    carrier TEXT DEFAULT '',
    tries TEXT DEFAULT '',
    sip_code TEXT DEFAULT '',
    sip_reason TEXT DEFAULT '',
    invited_at TEXT DEFAULT '',
    ringing_at TEXT DEFAULT '',
    answered_at TEXT DEFAULT '',
    release TEXT DEFAULT '',
    gate TEXT DEFAULT ''
);
CREATE INDEX acc_cdrs_start_time_idx ON acc_cdrs (start_time);
INSERT INTO version (table_name, table_version) VALUES ('acc_cdrs', 2);
