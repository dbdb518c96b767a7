CREATE TABLE runtime_session (
    id text PRIMARY KEY,
    owner text NOT NULL,
    title text,
    agent text NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    last_activity timestamptz NOT NULL,
    message_count bigint NOT NULL DEFAULT 0,
    switch_count bigint NOT NULL DEFAULT 0
);
CREATE INDEX runtime_session_by_owner ON runtime_session (owner, last_activity DESC, id);
CREATE INDEX runtime_session_running ON runtime_session (id) WHERE state = 'running';

-- position orders the rows of a session.
CREATE TABLE runtime_message (
    session_id text NOT NULL REFERENCES runtime_session (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    role text NOT NULL,
    content text,
    name text,
    tool_call_id text,
    tool_calls text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, position)
);

CREATE TABLE runtime_agent_switch (
    session_id text NOT NULL REFERENCES runtime_session (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    from_agent text NOT NULL,
    to_agent text NOT NULL,
    reason text,
    switched_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, position)
);
