import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("root", models.CharField(max_length=64, verbose_name="Merkle root")),
                ("heads", models.PositiveIntegerField(verbose_name="cases covered")),
                ("token", models.BinaryField(blank=True, null=True, verbose_name="RFC 3161 time stamp")),
                ("stored_as", models.CharField(blank=True, max_length=200, verbose_name="external copy")),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pact", "Pact"),
                            ("call", "Call"),
                            ("dossier", "Dossier"),
                            ("session", "Session"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True, verbose_name="reference")),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("head_seq", models.PositiveIntegerField(default=0, verbose_name="entries in the journal")),
                (
                    "head_hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                        verbose_name="hash of the last entry",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="workflows.case",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="accounts.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["reference"],
                "indexes": [models.Index(fields=["region", "kind"], name="workflows_c_region__b4ff49_idx")],
            },
        ),
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("view", "Read"),
                            ("download", "Downloaded"),
                            ("export", "Exported"),
                            ("evidence", "Took the evidence bundle"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=250, verbose_name="detail")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accesses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accesses",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "access",
                "verbose_name_plural": "accesses",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["case", "-id"], name="workflows_a_case_id_9adbf6_idx")],
            },
        ),
        migrations.CreateModel(
            name="CaseProcess",
            fields=[
                (
                    "process_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="viewflow.process",
                    ),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="kind of subject")),
                ("subject_id", models.UUIDField(verbose_name="subject")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "process",
                "verbose_name_plural": "processes",
            },
            bases=("viewflow.process",),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("case", "Everybody who sees the case"),
                            ("parties", "The organisation, Region staff and auditors"),
                            ("staff", "Region staff and auditors"),
                            ("payments", "Payments officers and auditors"),
                        ],
                        default="case",
                        max_length=20,
                        verbose_name="who may read it",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["case", "code", "created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("path", models.CharField(max_length=400, unique=True, verbose_name="path in the store")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("content_type", models.CharField(max_length=120, verbose_name="type")),
                ("uploaded_at", models.DateTimeField(verbose_name="received")),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("pending", "Being checked"),
                            ("clean", "Checked"),
                            ("infected", "Quarantined"),
                        ],
                        max_length=20,
                        verbose_name="antivirus",
                    ),
                ),
                (
                    "scan_detail",
                    models.CharField(blank=True, max_length=200, verbose_name="antivirus detail"),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="workflows.document",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "document version",
                "verbose_name_plural": "document versions",
                "ordering": ["document", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="workflows_version_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField(verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("actor_name", models.CharField(max_length=200, verbose_name="who")),
                ("capacity", models.JSONField(default=dict, verbose_name="in what capacity")),
                ("verb", models.CharField(max_length=60, verbose_name="act")),
                ("object_type", models.CharField(max_length=60, verbose_name="kind of object")),
                ("object_id", models.CharField(max_length=40, verbose_name="object")),
                ("from_state", models.CharField(blank=True, max_length=40, verbose_name="from")),
                ("to_state", models.CharField(blank=True, max_length=40, verbose_name="to")),
                ("reasons", models.TextField(blank=True, verbose_name="reasons")),
                ("snapshot", models.JSONField(default=dict, verbose_name="what was decided on")),
                ("files", models.JSONField(default=list, verbose_name="files")),
                (
                    "idempotency_key",
                    models.CharField(blank=True, max_length=64, verbose_name="idempotency key"),
                ),
                ("previous_hash", models.CharField(max_length=64, verbose_name="hash before")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal entries",
                "ordering": ["case", "seq"],
                "indexes": [
                    models.Index(fields=["actor", "at"], name="workflows_e_actor_i_7d135f_idx"),
                    models.Index(fields=["verb", "at"], name="workflows_e_verb_c65a97_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "seq"), name="workflows_entry_sequence"),
                    models.UniqueConstraint(
                        condition=models.Q(("idempotency_key", ""), _negated=True),
                        fields=("actor", "idempotency_key"),
                        name="workflows_entry_idempotency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("audience", models.CharField(max_length=120, verbose_name="for whom")),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "access grant",
                "verbose_name_plural": "access grants",
                "ordering": ["case", "audience"],
                "indexes": [models.Index(fields=["audience", "case"], name="workflows_g_audienc_2307bf_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "audience"), name="workflows_grant_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("from_applicant", models.BooleanField(verbose_name="from the applicant")),
                ("body", models.TextField(max_length=5000, verbose_name="message")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("subject", models.CharField(max_length=250, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                ("link", models.CharField(blank=True, max_length=300, verbose_name="link")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="workflows.case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "ordering": ["-created_at", "id"],
                "indexes": [models.Index(fields=["user", "read_at"], name="workflows_n_user_id_6821e6_idx")],
            },
        ),
        migrations.CreateModel(
            name="OutboxJob",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("payload", models.JSONField(default=dict, verbose_name="payload")),
                ("due_at", models.DateTimeField(verbose_name="not before")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "To do"), ("done", "Done"), ("incident", "Incident")],
                        default="pending",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("last_error", models.TextField(blank=True, verbose_name="cause")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="workflows.case",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="workflows.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["due_at"],
                        name="workflows_outbox_pending",
                    ),
                    models.Index(
                        condition=models.Q(("state", "incident")),
                        fields=["due_at"],
                        name="workflows_outbox_incident",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("detected", models.BooleanField(default=False, verbose_name="found by the system")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to="workflows.case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recusal",
                "verbose_name_plural": "recusals",
                "ordering": ["case", "at"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "user"), name="workflows_recusal_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Timer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("verb", models.CharField(max_length=60, verbose_name="act")),
                ("object_type", models.CharField(max_length=60, verbose_name="kind of object")),
                ("object_id", models.UUIDField(verbose_name="object")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Running"), ("fired", "Fired"), ("cancelled", "Cancelled")],
                        default="pending",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("fired_at", models.DateTimeField(blank=True, null=True, verbose_name="fired")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures")),
                ("last_error", models.TextField(blank=True, verbose_name="cause")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timers",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "timer",
                "verbose_name_plural": "timers",
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["due_at"],
                        name="workflows_timer_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("case", "verb", "object_id"),
                        name="workflows_timer_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("step", models.CharField(max_length=120, verbose_name="step")),
                ("audience", models.CharField(max_length=120, verbose_name="for whom")),
                ("verbs", models.JSONField(default=list, verbose_name="acts that complete it")),
                ("object_type", models.CharField(max_length=60, verbose_name="kind of object")),
                ("object_id", models.UUIDField(verbose_name="object")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("outcome", models.CharField(blank=True, max_length=60, verbose_name="completed by")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="workflows.case",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_item",
                        to="viewflow.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "work item",
                "verbose_name_plural": "work items",
                "ordering": [models.OrderBy(models.F("due_at"), nulls_last=True), "opened_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["audience", "due_at"],
                        name="workflows_item_audience",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["case"], name="workflows_item_case"
                    ),
                ],
            },
        ),
    ]
