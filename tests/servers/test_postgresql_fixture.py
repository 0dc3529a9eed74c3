"""The private PostgreSQL: each test gets an empty database of its own."""

import pytest

pytestmark = pytest.mark.real_server


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_is_fresh(postgresql_url, turn):
    import sqlalchemy

    engine = sqlalchemy.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE only_once (x int)")
        assert connection.exec_driver_sql("SHOW server_encoding").scalar() == "UTF8"
    engine.dispose()
