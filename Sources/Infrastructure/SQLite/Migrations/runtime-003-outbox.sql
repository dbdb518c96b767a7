-- Events that have happened and are still to be published, in the order of their positions.
CREATE TABLE runtime_outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    content_type TEXT NOT NULL,
    payload TEXT NOT NULL
) STRICT;

-- One row: the fencing token of the relay that publishes them.
CREATE TABLE runtime_outbox_relay (
    singleton INTEGER PRIMARY KEY DEFAULT 1 CHECK (singleton = 1),
    fencing_token INTEGER NOT NULL
) STRICT;
INSERT INTO runtime_outbox_relay (fencing_token) VALUES (0);

-- Every event that was published, once each.
CREATE TABLE runtime_audit_log (
    event_id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    owner TEXT,
    occurred_at INTEGER NOT NULL,
    event TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX runtime_audit_log_by_owner ON runtime_audit_log (owner, occurred_at DESC, event_id DESC);
CREATE INDEX runtime_audit_log_by_time ON runtime_audit_log (occurred_at);
