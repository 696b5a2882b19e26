"""Row security of PostgreSQL for operators of reseller groups, as statements.

Everybody else has a policy that is always true, which PostgreSQL's planner leaves out.  A login that is a
member of cx_reseller has a second one that has to hold too.  With it, a search could not use the index of
three letters any more: LIKE is not leakproof, so it would be asked of visible rows only, one by one.  So such
a login searches by a function of the owner, which asks the index and gives only numbers that may be seen.
"""

from collections.abc import Iterable, Iterator

from cx_tui.domain import rights

ROLE = rights.PREFIX + rights.RESELLER
EVERYBODY, MINE = "cx_everybody", "cx_mine"

GROUP = """
CREATE OR REPLACE FUNCTION cx_reseller() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path FROM CURRENT AS $$
    SELECT reseller.id FROM users JOIN reseller ON reseller.id = users.reseller
    WHERE users.login = session_user AND users.enabled
    AND users.deleted_at IS NULL AND reseller.deleted_at IS NULL
$$
"""

# Planned for each word anew: with the word as a parameter it would be planned for any.
FOUND = """
CREATE OR REPLACE FUNCTION cx_found(word text, most integer DEFAULT NULL) RETURNS SETOF integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT f.customer_id FROM found_by f JOIN customer c ON c.id = f.customer_id
        WHERE f.document LIKE %L AND c.deleted_at IS NULL AND c.reseller = %L LIMIT %s',
        '%' || regexp_replace(word, '([\\\\%_])', '\\\\\\1', 'g') || '%', cx_reseller(),
        coalesce(most::text, 'ALL'));
END $$
"""

OF_CUSTOMER = "EXISTS (SELECT FROM customer c WHERE c.id = {table}.customer_id)"
OTHERS = {
    "customer": "reseller = (SELECT cx_reseller())",
    "reseller": "id = (SELECT cx_reseller())",
    "users": "reseller = (SELECT cx_reseller())",
    "operation": "login = session_user OR EXISTS (SELECT FROM change c WHERE c.operation_id = operation.id)",
    "block": "EXISTS (SELECT FROM operation o WHERE o.id = block.operation_id AND o.login = session_user)",
    "approval": "login = session_user OR (record = 'customer' AND NOT EXISTS"
    " (SELECT FROM jsonb_array_elements_text(ids) one WHERE NOT EXISTS"
    " (SELECT FROM customer c WHERE c.id = one::integer)))",
    "job": "false",
    "job_file": "false",
    "call_unknown": "false",
    "invoice_line": "EXISTS (SELECT FROM invoice i WHERE i.id = invoice_line.invoice_id)",
    "allocation": "EXISTS (SELECT FROM payment p WHERE p.id = allocation.payment_id)",
    "invoice_entry": "EXISTS (SELECT FROM invoice i WHERE i.id = invoice_entry.invoice_id)",
}
"""What may be seen of tables that have no customer's number, or have another rule."""


def statements(of_customers: Iterable[str], schema: str) -> Iterator[str]:
    """What has resellers' operators see only their customers; given the tables with a customer's number."""
    yield GROUP
    yield FOUND
    for function in ("cx_reseller()", "cx_found(text, integer)"):
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
    names = ", ".join(rights.PREFIX + role for role in rights.ROLES)
    yield f"GRANT EXECUTE ON FUNCTION cx_reseller() TO {names}, {ROLE}"
    yield f"GRANT EXECUTE ON FUNCTION cx_found(text, integer) TO {ROLE}"
    yield f"CREATE INDEX IF NOT EXISTS ix_customer_of_reseller ON {schema}.customer (reseller, name_key)"
    rules = {**{table: OF_CUSTOMER.format(table=table) for table in of_customers}, **OTHERS}
    for table, rule in rules.items():
        yield from of_table(table, rule)


def of_table(table: str, rule: str = "") -> Iterator[str]:
    """The policies of one table; usually that of rows with a customer's number."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for policy in (EVERYBODY, MINE):
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
    yield f"CREATE POLICY {EVERYBODY} ON {table} USING (true)"
    yield (
        f"CREATE POLICY {MINE} ON {table} AS RESTRICTIVE TO {ROLE}"
        f" USING ({rule or OF_CUSTOMER.format(table=table)})"
    )


def away(tables: Iterable[str]) -> Iterator[str]:
    """What takes row security away."""
    for table in tables:
        yield f"DROP POLICY IF EXISTS {MINE} ON {table}"
        yield f"DROP POLICY IF EXISTS {EVERYBODY} ON {table}"
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
