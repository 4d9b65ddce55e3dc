"""Guards in PostgreSQL: rows change only inside a verb, and some never change at all (guarantees P46, P47).

A verb opens the door for its own transaction by setting ``quadrige.verb``; raw SQL or a forgotten ``save()`` finds it shut.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE OR REPLACE FUNCTION quadrige_needs_verb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('quadrige.verb', true), '') = '' THEN
        RAISE EXCEPTION '% on % outside a verb', TG_OP, TG_TABLE_NAME USING ERRCODE = 'raise_exception';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION quadrige_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is never allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'raise_exception';
END $$;
"""
DROP_FUNCTIONS = "DROP FUNCTION quadrige_needs_verb(); DROP FUNCTION quadrige_append_only();"


def guard_functions() -> RunSQL:
    """Create the two trigger functions; the first migration with guards needs it."""
    return RunSQL(FUNCTIONS, DROP_FUNCTIONS)


def needs_verb(*tables: str) -> RunSQL:
    """Refuse any INSERT, UPDATE or DELETE on ``tables`` outside a verb, and TRUNCATE always."""
    return RunSQL(
        [
            f"CREATE TRIGGER needs_verb AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION quadrige_needs_verb();"
            f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION quadrige_append_only();"
            for table in tables
        ],
        [f"DROP TRIGGER needs_verb ON {table}; DROP TRIGGER never_truncated ON {table};" for table in tables],
    )


def append_only(*tables: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on ``tables``, by trigger and by taking the rights away.

    The right to update ``id`` stays: a foreign key needs it to lock the row it points to; the trigger refuses its use.
    """
    return RunSQL(
        [
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION quadrige_append_only();"
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER;"
            f"GRANT UPDATE (id) ON {table} TO CURRENT_USER;"
            for table in tables
        ],
        [
            f"DROP TRIGGER append_only ON {table};GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER;"
            for table in tables
        ],
    )
