"""The ledger's tables, as numbered migrations. SQLite and Postgres run the same statements."""

__all__ = ["POSTGRES", "SQLITE"]

_BEFORE = (  # of SQLite alone: the first ledgers, one row for each model call
    "CREATE TABLE model_calls (id INTEGER PRIMARY KEY, at TEXT NOT NULL DEFAULT"
    " (strftime('%Y-%m-%dT%H:%M:%fZ')), thread_id TEXT NOT NULL, task_id TEXT NOT NULL,"
    " node TEXT NOT NULL, architecture TEXT NOT NULL, role TEXT NOT NULL, provider TEXT NOT NULL,"
    " model TEXT NOT NULL, tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,"
    " tokens_out INTEGER NOT NULL, cost_usd TEXT NOT NULL, latency_ms REAL NOT NULL,"
    " outcome TEXT NOT NULL)",
    "CREATE INDEX model_calls_thread ON model_calls (thread_id)",
)

_FIRST = (
    "CREATE TABLE calls (id TEXT PRIMARY KEY, at TEXT NOT NULL, thread_id TEXT NOT NULL,"
    " run_id TEXT NOT NULL, turn TEXT NOT NULL, task_id TEXT NOT NULL, node TEXT NOT NULL,"
    " architecture TEXT NOT NULL, user_id TEXT NOT NULL, role TEXT NOT NULL,"
    " provider TEXT NOT NULL, asked TEXT NOT NULL, attempt BIGINT NOT NULL,"
    " reserved_usd TEXT NOT NULL, outcome TEXT NOT NULL, answered TEXT NOT NULL,"
    " priced TEXT NOT NULL, cost_usd TEXT NOT NULL, latency_ms DOUBLE PRECISION NOT NULL,"
    " tokens_in BIGINT NOT NULL, tokens_cached BIGINT NOT NULL, tokens_out BIGINT NOT NULL,"
    " first_ms DOUBLE PRECISION)",
    "CREATE INDEX calls_thread ON calls (thread_id)",
    "CREATE INDEX calls_at ON calls (at)",
    "CREATE TABLE turns (turn TEXT NOT NULL, thread_id TEXT NOT NULL, run_id TEXT NOT NULL,"
    " user_id TEXT NOT NULL, architecture TEXT NOT NULL, source TEXT NOT NULL,"
    " language TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,"
    " latency_ms DOUBLE PRECISION NOT NULL, paused BIGINT NOT NULL, calls BIGINT NOT NULL,"
    " outside BIGINT NOT NULL, calls_failed BIGINT NOT NULL, calls_unknown BIGINT NOT NULL,"
    " model_calls BIGINT NOT NULL, model_failures BIGINT NOT NULL, cost_usd TEXT NOT NULL,"
    " broken BIGINT NOT NULL, corrected BIGINT NOT NULL, unsupported BIGINT NOT NULL,"
    " PRIMARY KEY (thread_id, turn))",
    "CREATE INDEX turns_at ON turns (at)",
    # Picodollars: money is exact here too, and the database itself can compare it with a limit.
    "CREATE TABLE totals (period TEXT NOT NULL, scope TEXT NOT NULL, spent BIGINT NOT NULL,"
    " PRIMARY KEY (period, scope))",
)

_MOVED = (
    "INSERT INTO calls SELECT 'before-' || id, at, thread_id, '', '', task_id, node, architecture,"
    " '', role, provider, model, 1, '0', outcome, model, 'usage', cost_usd, latency_ms, tokens_in,"
    " tokens_cached, tokens_out, NULL FROM model_calls",
    "DROP TABLE model_calls",
)

_ALERTS = (
    "CREATE TABLE alerts (key TEXT NOT NULL, period TEXT NOT NULL, level TEXT NOT NULL,"
    " text TEXT NOT NULL, at TEXT NOT NULL, sent BIGINT NOT NULL, PRIMARY KEY (key, period))",
)

_ROLLOUT = (
    # Rows are only ever added: the newest row of a plan is its state, and `seq` is the version that
    # a change has to name, so that of two changes made at once one finds its place taken.
    "CREATE TABLE rollout_log (seq BIGINT PRIMARY KEY, plan_id TEXT NOT NULL, at TEXT NOT NULL,"
    " who TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL, was TEXT NOT NULL,"
    " became TEXT NOT NULL, state TEXT NOT NULL, figures TEXT NOT NULL)",
    # Threads of staff, which come in by who they are and not by chance: no test counts them.
    "CREATE TABLE rollout_staff (plan_id TEXT NOT NULL, thread_id TEXT NOT NULL,"
    " PRIMARY KEY (plan_id, thread_id))",
)

_BY_TURN = (
    "CREATE INDEX calls_turn ON calls (thread_id, turn)",
    "DROP INDEX calls_thread",
)

SQLITE = (*_BEFORE, *_FIRST, *_MOVED, *_ALERTS, *_ROLLOUT, *_BY_TURN)
POSTGRES = (*_FIRST, *_ALERTS, *_ROLLOUT, *_BY_TURN)
