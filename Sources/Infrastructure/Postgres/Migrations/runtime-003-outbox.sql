-- Events that have happened and are still to be published, in the order of their positions.
CREATE TABLE runtime_outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address text NOT NULL,
    content_type text NOT NULL,
    payload text NOT NULL
);

-- One row: the fencing token of the relay that publishes them.
CREATE TABLE runtime_outbox_relay (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    fencing_token bigint NOT NULL
);
INSERT INTO runtime_outbox_relay (fencing_token) VALUES (0);

-- Every event that was published, once each.
CREATE TABLE runtime_audit_log (
    event_id text PRIMARY KEY,
    type text NOT NULL,
    subject text NOT NULL,
    owner text,
    occurred_at timestamptz NOT NULL,
    event text NOT NULL
);
CREATE INDEX runtime_audit_log_by_owner ON runtime_audit_log (owner, occurred_at DESC, event_id DESC);
CREATE INDEX runtime_audit_log_by_time ON runtime_audit_log (occurred_at);
