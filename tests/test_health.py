"""The harness and the health checks, end to end."""

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_a_database_is_there_and_commits_wait_for_their_record(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        assert cursor.fetchone() == ("on",)


@pytest.mark.django_db
def test_every_part_is_ready(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.json() == {"database": "ok", "documents": "ok", "broker": "ok"}
    assert response.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_metrics_are_for_this_machine(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
