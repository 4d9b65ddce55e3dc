import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_guards"),
        ("accounts", "__first__"),
        ("workflows", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Axis",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=10, verbose_name="code")),
                ("label", models.CharField(max_length=300, verbose_name="label")),
                ("themes", models.JSONField(default=list, verbose_name="sub-themes")),
            ],
            options={
                "verbose_name": "axis",
                "verbose_name_plural": "axes",
                "ordering": ["pact", "code"],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("aap", "Call for projects"),
                            ("ami", "Call for expressions of interest"),
                            ("exp", "Experimentation"),
                        ],
                        max_length=4,
                        verbose_name="kind",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField(verbose_name="number in the year")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(max_length=2000, verbose_name="summary")),
                ("text", models.TextField(max_length=60000, verbose_name="text of the call")),
                ("publics", models.JSONField(default=list, verbose_name="target publics")),
                ("territories", models.JSONField(default=list, verbose_name="territories")),
                ("opens_at", models.DateTimeField(verbose_name="opens")),
                ("closes_at", models.DateTimeField(verbose_name="closes")),
                (
                    "first_closes_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closing before its extension"),
                ),
                (
                    "max_rate",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="In % of the eligible cost.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="maximum rate of the subsidy",
                    ),
                ),
                (
                    "min_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="smallest subsidy"
                    ),
                ),
                (
                    "max_amount",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="largest subsidy"),
                ),
                (
                    "aid_basis",
                    models.CharField(
                        choices=[
                            ("no_aid", "No State aid"),
                            ("de_minimis", "De minimis, regulation (EU) 2023/2831"),
                            ("sgei", "Services of general economic interest"),
                            ("exempted", "Exempted training-aid scheme"),
                        ],
                        max_length=12,
                        verbose_name="State-aid basis",
                    ),
                ),
                ("colleges", models.JSONField(default=list, verbose_name="colleges consulted")),
                (
                    "assessors_per_dossier",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="reviewers per dossier",
                    ),
                ),
                (
                    "assessment_days",
                    models.PositiveSmallIntegerField(default=15, verbose_name="days to assess"),
                ),
                (
                    "opinion_days",
                    models.PositiveSmallIntegerField(
                        default=25, verbose_name="days for the colleges' opinions"
                    ),
                ),
                (
                    "coparef",
                    models.CharField(
                        choices=[
                            ("none", "Not consulted"),
                            ("shortlist", "On the shortlist as a whole"),
                            ("dossier", "On the shortlist and on each dossier"),
                        ],
                        default="shortlist",
                        max_length=10,
                        verbose_name="COPAREF opinion",
                    ),
                ),
                (
                    "coparef_days",
                    models.PositiveSmallIntegerField(default=21, verbose_name="days for the COPAREF opinion"),
                ),
                (
                    "threshold",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="score below which a dossier is not retained",
                    ),
                ),
                (
                    "advance_rate",
                    models.PositiveSmallIntegerField(
                        default=40,
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="advance at notification (%)",
                    ),
                ),
                (
                    "interim_rate",
                    models.PositiveSmallIntegerField(
                        default=40,
                        validators=[django.core.validators.MaxValueValidator(80)],
                        verbose_name="interim payment (%)",
                    ),
                ),
                (
                    "reporting",
                    models.JSONField(
                        default=list,
                        help_text="Months after the start of the project, one per report.",
                        verbose_name="reporting calendar",
                    ),
                ),
                ("contact", models.EmailField(max_length=254, verbose_name="contact")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                (
                    "text_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the published text"),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "In preparation"),
                            ("in_validation", "Waiting for validation"),
                            ("published", "Published"),
                            ("closed", "Closed, under examination"),
                            ("decided", "Decided"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("axes", models.ManyToManyField(related_name="calls", to="calls.axis", verbose_name="axes")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
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
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ["-closes_at", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="calls_call_window_in_order",
                        violation_error_message="The call closes before it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("min_amount__gte", 0), ("max_amount__gte", models.F("min_amount"))
                        ),
                        name="calls_call_amounts_in_order",
                        violation_error_message="The largest subsidy is smaller than the smallest.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_rate__gt", 0), ("max_rate__lte", 100)),
                        name="calls_call_rate",
                        violation_error_message="The rate is between 1 and 100 %.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("advance_rate__lte", 50),
                            (
                                "interim_rate__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.Value(100), "-", models.F("advance_rate")
                                ),
                            ),
                        ),
                        name="calls_call_payment_rates",
                        violation_error_message="Advance and interim payment leave something for the balance.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "in_validation", "cancelled"]),
                            models.Q(
                                ("published_at__isnull", False),
                                ("validated_by__isnull", False),
                                models.Q(("text_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="calls_call_published_is_frozen",
                        violation_error_message="A published call has its validator, date and frozen text.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("validated_by__isnull", True),
                            models.Q(("validated_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="calls_call_two_people",
                        violation_error_message="A call is validated by somebody other than who prepared it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormRevision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="revision")),
                ("schema", models.JSONField(default=list, verbose_name="sections and questions")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="calls.call"
                    ),
                ),
            ],
            options={
                "verbose_name": "form revision",
                "verbose_name_plural": "form revisions",
                "ordering": ["call", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="calls_revision_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("rank", models.PositiveIntegerField(verbose_name="number in the call")),
                ("title", models.CharField(max_length=200, verbose_name="title of the project")),
                ("summary", models.TextField(blank=True, max_length=2000, verbose_name="summary")),
                ("publics", models.JSONField(blank=True, default=list, verbose_name="target publics")),
                ("territories", models.JSONField(blank=True, default=list, verbose_name="territories")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="project starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="project ends")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="answers")),
                (
                    "versions",
                    models.JSONField(blank=True, default=dict, verbose_name="version of each section"),
                ),
                (
                    "requested_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="subsidy requested",
                    ),
                ),
                (
                    "total_cost",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="total cost"
                    ),
                ),
                (
                    "eligible_cost",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="eligible cost"
                    ),
                ),
                (
                    "budget_basis",
                    models.CharField(
                        blank=True,
                        choices=[("ttc", "VAT included"), ("ht", "VAT excluded")],
                        max_length=3,
                        verbose_name="amounts of the budget",
                    ),
                ),
                (
                    "awarded_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="subsidy awarded"
                    ),
                ),
                (
                    "score",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="score out of 100"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="received")),
                (
                    "implicit_rejection_on",
                    models.DateField(blank=True, null=True, verbose_name="silence means rejection on"),
                ),
                (
                    "decision_released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decision notified"),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "Draft"),
                            ("lapsed", "Never submitted"),
                            ("submitted", "Submitted"),
                            ("pieces_requested", "Pieces requested"),
                            ("complete", "Complete"),
                            ("admissible", "Admissible"),
                            ("inadmissible", "Inadmissible"),
                            ("in_review", "Under review"),
                            ("ineligible", "Ineligible"),
                            ("reviewed", "Reviewed"),
                            ("reserve", "On the reserve list"),
                            ("awarded", "Awarded"),
                            ("refused", "Not retained"),
                            ("withdrawn", "Withdrawn"),
                            ("under_contract", "Under contract"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "axis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="calls.axis",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dossiers", to="calls.call"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers_in_charge",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="calls.formrevision",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier",
                "verbose_name_plural": "dossiers",
                "ordering": ["-submitted_at", "id"],
                "indexes": [
                    models.Index(fields=["call", "state"], name="calls_dossi_call_id_bcf14e_idx"),
                    models.Index(fields=["organisation", "state"], name="calls_dossi_organis_e5841c_idx"),
                    models.Index(
                        fields=["submitted_at"],
                        include=["state", "case"],
                        condition=models.Q(("submitted_at__isnull", False)),
                        name="calls_dossier_worklist",
                    ),
                    models.Index(
                        models.F("requested_amount").desc(nulls_last=True),
                        "id",
                        condition=models.Q(("submitted_at__isnull", False)),
                        name="calls_dossier_by_amount",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "rank"), name="calls_dossier_rank"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "lapsed", "withdrawn"]),
                            models.Q(
                                ("implicit_rejection_on__isnull", False),
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="calls_dossier_submitted_is_dated",
                        violation_error_message="A submitted dossier has its date, its author and its legal date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["awarded", "under_contract", "closed"]), _negated=True),
                            models.Q(("awarded_amount__gt", 0), ("awarded_amount__isnull", False)),
                            _connector="OR",
                        ),
                        name="calls_dossier_award_has_amount",
                        violation_error_message="An award has an amount.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("awarded_amount__isnull", True),
                            ("awarded_amount__lte", models.F("requested_amount")),
                            _connector="OR",
                        ),
                        name="calls_dossier_award_within_request",
                        violation_error_message="The award goes beyond what was requested.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requested_amount__gte", 0), ("total_cost__gte", 0), ("eligible_cost__gte", 0)
                        ),
                        name="calls_dossier_amounts_positive",
                        violation_error_message="Amounts cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="calls_dossier_dates_in_order",
                        violation_error_message="The project ends before it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("label", models.CharField(max_length=300, verbose_name="label")),
                (
                    "nature",
                    models.CharField(
                        choices=[("strengthened", "Strengthened"), ("new", "New")],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "axis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="calls.axis",
                    ),
                ),
            ],
            options={
                "verbose_name": "objective",
                "verbose_name_plural": "objectives",
                "ordering": ["axis", "label"],
            },
        ),
        migrations.CreateModel(
            name="Pact",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="first year")),
                ("last_year", models.PositiveSmallIntegerField(verbose_name="last year")),
                ("stakes", models.TextField(max_length=10000, verbose_name="stakes")),
                ("budget_by_year", models.JSONField(default=dict, verbose_name="budget by year")),
                ("adopted_at", models.DateTimeField(blank=True, null=True, verbose_name="adopted")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("draft", "In preparation"), ("adopted", "Adopted"), ("closed", "Closed")],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "adopted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pact",
                "verbose_name_plural": "pacts",
                "ordering": ["-first_year", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_year__gte", models.F("first_year"))),
                        name="calls_pact_years_in_order",
                        violation_error_message="The last year comes before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("adopted_at__isnull", False), ("adopted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="calls_pact_adopted_is_dated",
                        violation_error_message="An adopted pact has its date and who adopted it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("adopted_by__isnull", True),
                            models.Q(("adopted_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="calls_pact_two_people",
                        violation_error_message="A pact is adopted by somebody other than who prepared it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvaluationQuestion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(max_length=1000, verbose_name="question")),
                (
                    "pact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="calls.pact"
                    ),
                ),
            ],
            options={
                "verbose_name": "evaluation question",
                "verbose_name_plural": "evaluation questions",
                "ordering": ["pact", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("pact", "number"), name="calls_question_number")
                ],
            },
        ),
        migrations.AddField(
            model_name="call",
            name="pact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="calls.pact"
            ),
        ),
        migrations.AddField(
            model_name="axis",
            name="pact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="axes", to="calls.pact"
            ),
        ),
        migrations.CreateModel(
            name="PactIndicator",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("label", models.CharField(max_length=300, verbose_name="label")),
                (
                    "kind",
                    models.CharField(
                        choices=[("follow_up", "Follow-up"), ("impact", "Impact")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[("quantitative", "Quantitative"), ("qualitative", "Qualitative")],
                        max_length=14,
                        verbose_name="nature",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="unit")),
                ("method", models.CharField(blank=True, max_length=500, verbose_name="method")),
                (
                    "axis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="calls.axis",
                    ),
                ),
                (
                    "pact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="calls.pact",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["pact", "kind", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("pact", "code"), name="calls_indicator_code")
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("siret", models.CharField(max_length=14, verbose_name="SIRET")),
                ("role", models.CharField(max_length=300, verbose_name="role in the project")),
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
                        related_name="partners",
                        to="calls.dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["dossier", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dossier", "siret"),
                        name="calls_partner_once",
                        violation_error_message="This partner is already in the dossier.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("implicit_rejection_on", models.DateField(verbose_name="silence means rejection on")),
                ("attested_by", models.CharField(max_length=200, verbose_name="attested by")),
                ("attestation", models.TextField(verbose_name="attestation")),
                (
                    "content_sha256",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the application"),
                ),
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
                        related_name="receipt",
                        to="calls.dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
                "ordering": ["-received_at"],
            },
        ),
        migrations.CreateModel(
            name="RequiredPiece",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("code", models.CharField(max_length=30, verbose_name="code")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                ("guidance", models.CharField(blank=True, max_length=500, verbose_name="guidance")),
                ("legal_forms", models.JSONField(default=list, verbose_name="legal forms concerned")),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("always", "Always"),
                            ("partners", "When the project has partners"),
                            ("training", "When the applicant is a training organisation"),
                            ("if_concerned", "If the applicant is concerned"),
                        ],
                        default="always",
                        max_length=12,
                        verbose_name="when it is asked for",
                    ),
                ),
                ("indispensable", models.BooleanField(default=True, verbose_name="indispensable")),
                ("multiple", models.BooleanField(default=False, verbose_name="several files")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="required_pieces",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "verbose_name": "required piece",
                "verbose_name_plural": "required pieces",
                "ordering": ["call", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "code"), name="calls_required_piece_code")
                ],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not checked"),
                            ("accepted", "Accepted"),
                            ("rejected", "To be replaced"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.document"
                    ),
                ),
                (
                    "more",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="workflows.document", verbose_name="other files"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="calls.dossier"
                    ),
                ),
                (
                    "required",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.requiredpiece",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece",
                "verbose_name_plural": "pieces",
                "ordering": ["dossier", "required__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "required"), name="calls_piece_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StrategicLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("document", models.CharField(max_length=200, verbose_name="document")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("consistent", "Consistent"),
                            ("complementary", "Complementary"),
                            ("renewed", "Renewed"),
                            ("none", "No link"),
                        ],
                        max_length=20,
                        verbose_name="relation",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                (
                    "pact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="calls.pact"
                    ),
                ),
            ],
            options={
                "verbose_name": "strategic link",
                "verbose_name_plural": "strategic links",
                "ordering": ["pact", "document"],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                ("guidance", models.TextField(blank=True, max_length=2000, verbose_name="guidance")),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="weight",
                    ),
                ),
                ("eliminatory", models.BooleanField(default=False, verbose_name="eliminatory below 2")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="criteria", to="calls.call"
                    ),
                ),
            ],
            options={
                "verbose_name": "criterion",
                "verbose_name_plural": "criteria",
                "ordering": ["call", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="calls_criterion_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "side",
                    models.CharField(
                        choices=[("expense", "Expense"), ("income", "Income")],
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="account")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="budget", to="calls.dossier"
                    ),
                ),
            ],
            options={
                "verbose_name": "budget line",
                "verbose_name_plural": "budget lines",
                "ordering": ["dossier", "year", "side", "code", "label"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="calls_budget_positive",
                        violation_error_message="Amounts cannot be negative.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierIndicator",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("label", models.CharField(max_length=300, verbose_name="label")),
                (
                    "kind",
                    models.CharField(
                        choices=[("follow_up", "Follow-up"), ("impact", "Impact")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[("quantitative", "Quantitative"), ("qualitative", "Qualitative")],
                        max_length=14,
                        verbose_name="nature",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="unit")),
                ("baseline", models.CharField(blank=True, max_length=120, verbose_name="starting point")),
                ("target", models.CharField(blank=True, max_length=120, verbose_name="target")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
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
                        related_name="indicators",
                        to="calls.dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator of the dossier",
                "verbose_name_plural": "indicators of the dossier",
                "ordering": ["dossier", "kind", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dossier", "code"),
                        name="calls_dossier_indicator_once",
                        violation_error_message="This indicator is already in the dossier.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="envelope")),
                (
                    "committed",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="committed"),
                ),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="envelope", to="calls.call"
                    ),
                ),
            ],
            options={
                "verbose_name": "envelope",
                "verbose_name_plural": "envelopes",
                "ordering": ["call"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("committed__gte", 0), ("committed__lte", models.F("amount"))),
                        name="calls_envelope_not_exceeded",
                        violation_error_message="This goes beyond the envelope.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="axis",
            constraint=models.UniqueConstraint(fields=("pact", "code"), name="calls_axis_code"),
        ),
    ]
