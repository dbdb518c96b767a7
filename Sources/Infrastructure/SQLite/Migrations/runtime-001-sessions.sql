-- Instants are microseconds since 1970: they sort, and fit an integer. position orders the rows of a session.
CREATE TABLE runtime_session (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT,
    agent TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_activity INTEGER NOT NULL,
    message_count INTEGER NOT NULL DEFAULT 0,
    switch_count INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX runtime_session_by_owner ON runtime_session (owner, last_activity DESC, id);
CREATE INDEX runtime_session_running ON runtime_session (id) WHERE state = 'running';
CREATE TABLE runtime_message (
    session_id TEXT NOT NULL REFERENCES runtime_session (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT,
    name TEXT,
    tool_call_id TEXT,
    tool_calls TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE runtime_agent_switch (
    session_id TEXT NOT NULL REFERENCES runtime_session (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    from_agent TEXT NOT NULL,
    to_agent TEXT NOT NULL,
    reason TEXT,
    switched_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, position)
) STRICT, WITHOUT ROWID;
