import uuid

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_guards"),
        ("accounts", "__first__"),
        ("calls", "0002_guards"),
        ("workflows", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("assigned_at", models.DateTimeField(verbose_name="assigned")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("assigned", "Interests to declare"),
                            ("open", "To be assessed"),
                            ("done", "Assessed"),
                            ("recused", "Recused"),
                            ("expired", "Not assessed in time"),
                        ],
                        default="assigned",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="calls.dossier",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ["dossier", "assigned_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dossier", "reviewer"),
                        name="reviews_assignment_once",
                        violation_error_message="This reviewer already has this dossier.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("comment", models.TextField(blank=True, max_length=5000, verbose_name="overall comment")),
                (
                    "total",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="score out of 100"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessment",
                        to="reviews.assignment",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment",
                "verbose_name_plural": "assessments",
                "ordering": ["assignment", "submitted_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", True), ("total__isnull", False), _connector="OR"
                        ),
                        name="reviews_assessment_scored",
                        violation_error_message="A submitted assessment has its score.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total__isnull", True),
                            models.Q(("total__gte", 0), ("total__lte", 100)),
                            _connector="OR",
                        ),
                        name="reviews_assessment_total",
                        violation_error_message="A score is between 0 and 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyOpinion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("question", models.TextField(blank=True, max_length=5000, verbose_name="question asked")),
                ("shortlist", models.JSONField(default=list, verbose_name="shortlist submitted")),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[("common", "Common position"), ("divergent", "Divergent positions")],
                        max_length=10,
                        verbose_name="position",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("favourable", "Favourable"),
                            ("with_reservations", "Favourable with reservations"),
                            ("unfavourable", "Unfavourable"),
                            ("abstention", "Abstention"),
                        ],
                        max_length=20,
                        verbose_name="opinion",
                    ),
                ),
                ("reasons", models.TextField(blank=True, max_length=10000, verbose_name="reasons")),
                (
                    "employers_position",
                    models.TextField(blank=True, max_length=5000, verbose_name="position of the employers"),
                ),
                (
                    "unions_position",
                    models.TextField(blank=True, max_length=5000, verbose_name="position of the unions"),
                ),
                (
                    "objectives",
                    models.TextField(blank=True, max_length=5000, verbose_name="objectives wished for"),
                ),
                ("given_at", models.DateTimeField(blank=True, null=True, verbose_name="given")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("requested", "Requested"), ("given", "Given"), ("not_given", "No opinion")],
                        default="requested",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.body"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_opinions",
                        to="calls.call",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_opinions",
                        to="calls.dossier",
                    ),
                ),
                (
                    "given_by",
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
                "verbose_name": "reasoned opinion of the COPAREF",
                "verbose_name_plural": "reasoned opinions of the COPAREF",
                "ordering": ["call", "requested_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("dossier__isnull", True), models.Q(("state", "not_given"), _negated=True)
                        ),
                        fields=("call",),
                        name="reviews_body_opinion_once_per_call",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("dossier__isnull", False)),
                        fields=("dossier",),
                        name="reviews_body_opinion_once_per_dossier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), _negated=True),
                            models.Q(
                                ("given_at__isnull", False),
                                ("given_by__isnull", False),
                                models.Q(("position", ""), _negated=True),
                                models.Q(("reasons", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reviews_body_opinion_reasoned",
                        violation_error_message="A reasoned opinion has its position and its reasons.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("position", "divergent"), _negated=True),
                            models.Q(
                                models.Q(("employers_position", ""), _negated=True),
                                models.Q(("unions_position", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reviews_body_opinion_divergent_both",
                        violation_error_message="Divergent positions are both written down.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollegeOpinion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "college",
                    models.CharField(
                        choices=[
                            ("state", "State"),
                            ("region", "Region"),
                            ("employers", "Employers"),
                            ("unions", "Unions"),
                        ],
                        max_length=20,
                        verbose_name="college",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("favourable", "Favourable"),
                            ("with_reservations", "Favourable with reservations"),
                            ("unfavourable", "Unfavourable"),
                            ("abstention", "Abstention"),
                        ],
                        max_length=20,
                        verbose_name="opinion",
                    ),
                ),
                ("reasons", models.TextField(blank=True, max_length=5000, verbose_name="reasons")),
                ("minority", models.TextField(blank=True, max_length=5000, verbose_name="minority position")),
                ("given_at", models.DateTimeField(blank=True, null=True, verbose_name="given")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("awaited", "Awaited"),
                            ("given", "Given"),
                            ("not_given", "Not given in time"),
                        ],
                        default="awaited",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.body"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="calls.dossier",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion of a college",
                "verbose_name_plural": "opinions of the colleges",
                "ordering": ["dossier", "college"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "college"), name="reviews_opinion_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), _negated=True),
                            models.Q(
                                ("given_at__isnull", False),
                                ("given_by__isnull", False),
                                models.Q(("value", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reviews_opinion_given_complete",
                        violation_error_message="An opinion has its value, its author and its date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", "unfavourable"), _negated=True),
                            models.Q(("reasons", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reviews_opinion_unfavourable_reasons",
                        violation_error_message="An unfavourable opinion gives its grounds.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deliberation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("voted_on", models.DateField(verbose_name="date of the vote")),
                ("number", models.CharField(max_length=60, verbose_name="deliberation number")),
                ("minutes", models.TextField(blank=True, max_length=10000, verbose_name="minutes")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliberations",
                        to="calls.call",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "deliberation",
                "verbose_name_plural": "deliberations",
                "ordering": ["-voted_on", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "number"),
                        name="reviews_deliberation_number",
                        violation_error_message="This deliberation is already recorded.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("awarded", "Awarded"),
                            ("reserve", "Reserve list"),
                            ("refused", "Not retained"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="amount"),
                ),
                ("grounds", models.TextField(blank=True, max_length=5000, verbose_name="grounds")),
                ("decided_on", models.DateField(verbose_name="decided on")),
                (
                    "promoted",
                    models.BooleanField(default=False, verbose_name="promoted from the reserve list"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="calls.dossier",
                    ),
                ),
                (
                    "deliberation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="reviews.deliberation",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["dossier", "decided_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dossier", "deliberation", "outcome"), name="reviews_decision_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", 0), ("outcome", "refused")),
                            models.Q(models.Q(("outcome", "refused"), _negated=True), ("amount__gt", 0)),
                            _connector="OR",
                        ),
                        name="reviews_decision_amount",
                        violation_error_message="An award has an amount, a refusal has none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterestDeclaration",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("has_interest", models.BooleanField(verbose_name="has an interest")),
                ("explanation", models.TextField(blank=True, max_length=2000, verbose_name="explanation")),
                ("declared_at", models.DateTimeField(verbose_name="when")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="calls.dossier",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "declaration of interests",
                "verbose_name_plural": "declarations of interests",
                "ordering": ["dossier", "declared_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "user"), name="reviews_declaration_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("has_interest", False),
                            models.Q(("explanation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reviews_declaration_explained",
                        violation_error_message="An interest is explained in a few words.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inadmissible", "Inadmissibility"),
                            ("ineligible", "Ineligibility"),
                            ("award", "Award"),
                            ("reserve_list", "Reserve list"),
                            ("refusal", "Refusal"),
                        ],
                        max_length=40,
                        verbose_name="kind",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("data", models.JSONField(default=dict, verbose_name="content")),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=3000, verbose_name="paragraph added by the service"
                    ),
                ),
                ("drafted_at", models.DateTimeField(verbose_name="drafted")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released")),
                (
                    "first_read_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first read by the applicant"),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("drafted", "Draft"), ("released", "Released"), ("cancelled", "Cancelled")],
                        default="drafted",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.document",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="calls.dossier",
                    ),
                ),
                (
                    "released_by",
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
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["dossier", "drafted_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            ("released_at__isnull", False),
                            _connector="OR",
                        ),
                        name="reviews_letter_released_dated",
                        violation_error_message="A released letter has its date.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "drafted")),
                        fields=("dossier",),
                        name="reviews_letter_one_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PieceRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("items", models.JSONField(default=list, verbose_name="pieces")),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                ("requested_on", models.DateField(verbose_name="requested on")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("produced_on", models.DateField(blank=True, null=True, verbose_name="produced on")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("pending", "Waiting for the applicant"),
                            ("produced", "Produced"),
                            ("expired", "Not produced in time"),
                        ],
                        default="pending",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="piece_requests",
                        to="calls.dossier",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request for pieces",
                "verbose_name_plural": "requests for pieces",
                "ordering": ["dossier", "requested_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("dossier",),
                        name="reviews_piece_request_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("requested_on"))),
                        name="reviews_piece_request_due_after",
                        violation_error_message="The due date comes before the request.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "produced"), _negated=True),
                            ("produced_on__isnull", False),
                            _connector="OR",
                        ),
                        name="reviews_piece_request_produced_dated",
                        violation_error_message="A produced request has its date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="threshold")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="proposed")),
                ("validated_at", models.DateTimeField(blank=True, null=True, verbose_name="validated")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "In preparation"),
                            ("proposed", "Proposed"),
                            ("validated", "Validated"),
                            ("voted", "Voted"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rankings", to="calls.call"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "validated_by",
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
                "verbose_name": "ranking",
                "verbose_name_plural": "rankings",
                "ordering": ["call", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="reviews_ranking_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("validated_by__isnull", True),
                            models.Q(("validated_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reviews_ranking_two_people",
                        violation_error_message="A ranking is validated by somebody other than who proposed it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["validated", "voted"]), _negated=True),
                            models.Q(
                                ("proposed_by__isnull", False),
                                ("validated_at__isnull", False),
                                ("validated_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reviews_ranking_validated_complete",
                        violation_error_message="A validated ranking has both its authors.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="deliberation",
            name="ranking",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="deliberation", to="reviews.ranking"
            ),
        ),
        migrations.CreateModel(
            name="RankingLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                ("score", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="score")),
                (
                    "list",
                    models.CharField(
                        choices=[
                            ("main", "Main list"),
                            ("reserve", "Reserve list"),
                            ("not_retained", "Not retained"),
                        ],
                        max_length=14,
                        verbose_name="list",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="proposed amount"
                    ),
                ),
                (
                    "voted_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="amount voted"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("basis", models.JSONField(default=dict, verbose_name="what the rule said")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ranking_lines",
                        to="calls.dossier",
                    ),
                ),
                (
                    "ranking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="reviews.ranking",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the ranking",
                "verbose_name_plural": "lines of the ranking",
                "ordering": ["ranking", "rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("ranking", "dossier"), name="reviews_line_once"),
                    models.UniqueConstraint(fields=("ranking", "rank"), name="reviews_line_rank"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", 0), ("list", "not_retained")),
                            models.Q(models.Q(("list", "not_retained"), _negated=True), ("amount__gt", 0)),
                            _connector="OR",
                        ),
                        name="reviews_line_amount",
                        violation_error_message="A listed dossier has an amount, one that is not retained has none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("suspensive", "Suspensive"),
                            ("in_contract", "To be settled in the contract"),
                            ("recommendation", "Recommendation"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="reservation")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "lift_reasons",
                    models.TextField(blank=True, max_length=2000, verbose_name="why it is lifted"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="reviews.collegeopinion",
                    ),
                ),
            ],
            options={
                "verbose_name": "reservation",
                "verbose_name_plural": "reservations",
                "ordering": ["opinion", "kind", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True),
                            models.Q(
                                ("lifted_by__isnull", False), models.Q(("lift_reasons", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="reviews_reservation_lifted_reasons",
                        violation_error_message="A reservation is lifted by somebody, for reasons.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "value",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(5)],
                        verbose_name="score",
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="reviews.assessment",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calls.criterion"
                    ),
                ),
            ],
            options={
                "verbose_name": "score",
                "verbose_name_plural": "scores",
                "ordering": ["assessment", "criterion__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "criterion"), name="reviews_score_once"),
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", True), ("value__lte", 5), _connector="OR"),
                        name="reviews_score_range",
                        violation_error_message="A score is between 0 and 5.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Synthesis",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("consensus_favourable", "Favourable by consensus"),
                            ("majority_favourable", "Favourable by majority"),
                            ("divided", "Divided"),
                            ("majority_unfavourable", "Unfavourable by majority"),
                            ("consensus_unfavourable", "Unfavourable by consensus"),
                        ],
                        max_length=24,
                        verbose_name="synthesis",
                    ),
                ),
                ("rule_version", models.CharField(max_length=20, verbose_name="version of the rule")),
                ("counts", models.JSONField(default=dict, verbose_name="counts")),
                ("made_at", models.DateTimeField(verbose_name="when")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="synthesis",
                        to="calls.dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "synthesis of the opinions",
                "verbose_name_plural": "syntheses of the opinions",
                "ordering": ["dossier"],
            },
        ),
        migrations.CreateModel(
            name="Admissibility",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("admissibility", "Admissibility"), ("eligibility", "Eligibility")],
                        max_length=14,
                        verbose_name="about",
                    ),
                ),
                ("favourable", models.BooleanField(verbose_name="favourable")),
                ("grounds", models.JSONField(blank=True, default=list, verbose_name="grounds")),
                ("explanation", models.TextField(blank=True, max_length=5000, verbose_name="explanation")),
                ("checklist", models.JSONField(blank=True, default=dict, verbose_name="checklist")),
                ("decided_at", models.DateTimeField(verbose_name="when")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="admissibilities",
                        to="calls.dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "admissibility judgment",
                "verbose_name_plural": "admissibility judgments",
                "ordering": ["dossier", "decided_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "subject"), name="reviews_admissibility_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("favourable", True),
                            models.Q(("explanation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reviews_admissibility_grounds",
                        violation_error_message="An unfavourable judgment is explained.",
                    ),
                ],
            },
        ),
    ]
