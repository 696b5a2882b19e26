-- The tables of a Kamailio that CX TUI wrote the configuration of.  What is there already stays as it is.
CREATE TABLE IF NOT EXISTS version (
    table_name VARCHAR(32) NOT NULL UNIQUE,
    table_version INTEGER DEFAULT 0 NOT NULL
);

-- One row for each attempt of a call: what CX TUI reads.  What is not known of a call is NULL.
CREATE TABLE IF NOT EXISTS acc_cdrs (
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
CREATE INDEX IF NOT EXISTS acc_cdrs_start_time_idx ON acc_cdrs (start_time);
INSERT INTO version (table_name, table_version) VALUES ('acc_cdrs', 2) ON CONFLICT DO NOTHING;

-- The calls that are up while Kamailio is started anew; otherwise these are empty.
CREATE TABLE IF NOT EXISTS dialog (
    id @ID@ PRIMARY KEY NOT NULL,
    hash_entry INTEGER NOT NULL,
    hash_id INTEGER NOT NULL,
    callid TEXT NOT NULL,
    from_uri TEXT NOT NULL,
    from_tag TEXT NOT NULL,
    to_uri TEXT NOT NULL,
    to_tag TEXT NOT NULL,
    caller_cseq VARCHAR(20) NOT NULL,
    callee_cseq VARCHAR(20) NOT NULL,
    caller_route_set TEXT,
    callee_route_set TEXT,
    caller_contact TEXT NOT NULL,
    callee_contact TEXT NOT NULL,
    caller_sock VARCHAR(64) NOT NULL,
    callee_sock VARCHAR(64) NOT NULL,
    state INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    timeout INTEGER DEFAULT 0 NOT NULL,
    sflags INTEGER DEFAULT 0 NOT NULL,
    iflags INTEGER DEFAULT 0 NOT NULL,
    toroute_name VARCHAR(32),
    req_uri TEXT NOT NULL,
    xdata TEXT
);
CREATE INDEX IF NOT EXISTS dialog_hash_idx ON dialog (hash_entry, hash_id);
INSERT INTO version (table_name, table_version) VALUES ('dialog', 7) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS dialog_vars (
    id @ID@ PRIMARY KEY NOT NULL,
    hash_entry INTEGER NOT NULL,
    hash_id INTEGER NOT NULL,
    dialog_key TEXT NOT NULL,
    dialog_value TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS dialog_vars_hash_idx ON dialog_vars (hash_entry, hash_id);
INSERT INTO version (table_name, table_version) VALUES ('dialog_vars', 1) ON CONFLICT DO NOTHING;
