import uuid

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import accounts.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("calls", "0002_guards"),
        ("workflows", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="number")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount")),
                (
                    "paid",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="paid"),
                ),
                (
                    "eligible_cost",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="eligible cost planned"
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=4, max_digits=7, verbose_name="rate (% of the eligible cost)"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts")),
                ("ends_on", models.DateField(verbose_name="ends")),
                ("clauses", models.JSONField(blank=True, default=list, verbose_name="particular clauses")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="preparation")),
                ("data", models.JSONField(default=dict, verbose_name="frozen content of the text")),
                ("prepared_at", models.DateTimeField(verbose_name="prepared")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent for signature")),
                (
                    "recall_reasons",
                    models.TextField(blank=True, max_length=2000, verbose_name="why it was taken back"),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed by both on")),
                ("notified_at", models.DateTimeField(blank=True, null=True, verbose_name="notified")),
                ("open_data_due_on", models.DateField(blank=True, null=True, verbose_name="open data due")),
                (
                    "settled_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="eligible cost accepted",
                    ),
                ),
                (
                    "settled_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="subsidy finally due",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "In preparation"),
                            ("to_sign_beneficiary", "Waiting for the beneficiary's signature"),
                            ("to_sign_region", "Waiting for the Region's signature"),
                            ("active", "In force"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contract",
                        to="calls.dossier",
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
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.documentversion",
                        verbose_name="text",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "ordering": ["-starts_on", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0), ("paid__gte", 0), ("paid__lte", models.F("amount"))
                        ),
                        name="contracts_contract_never_overpaid",
                        violation_error_message="This would pay more than what is contracted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_amount__isnull", True),
                            models.Q(("settled_amount__gte", 0), ("settled_amount__lte", models.F("amount"))),
                            _connector="OR",
                        ),
                        name="contracts_contract_settled_within",
                        violation_error_message="The subsidy finally due goes beyond what is contracted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0), ("rate__lte", 100), ("eligible_cost__gt", 0)),
                        name="contracts_contract_rate",
                        violation_error_message="The rate is between 0 and 100 %.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="contracts_contract_dates_in_order",
                        violation_error_message="The contract ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["active", "closed"]), _negated=True),
                            models.Q(
                                ("notified_at__isnull", False),
                                ("open_data_due_on__isnull", False),
                                ("signed_on__isnull", False),
                                ("version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_contract_active_is_signed",
                        violation_error_message="A contract in force is signed and notified.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            models.Q(
                                (
                                    "data__contains",
                                    {
                                        "articles": [
                                            {"code": "OBJET"},
                                            {"code": "MONTANT"},
                                            {"code": "VERSEMENT"},
                                            {"code": "UTILISATION"},
                                            {"code": "SUIVI"},
                                            {"code": "CONTROLE"},
                                        ]
                                    },
                                ),
                                (
                                    "data__contains",
                                    {"indicators": [{"kind": "suivi"}, {"kind": "impact"}]},
                                ),
                                models.Q(
                                    models.Q(
                                        ("data__contains", {"beneficiary": {"legal_form": "association"}}),
                                        _negated=True,
                                    ),
                                    ("data__contains", {"articles": [{"code": "EXCEDENT"}]}),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_contract_says_all",
                        violation_error_message="A contract that is sent has all its mandatory clauses.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("holder", models.CharField(max_length=200, verbose_name="account holder")),
                (
                    "iban",
                    models.CharField(
                        max_length=34,
                        validators=[
                            accounts.identifiers.IdentifierValidator(accounts.identifiers.normalise_iban)
                        ],
                        verbose_name="IBAN",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="given")),
                (
                    "needs_check",
                    models.BooleanField(default=False, verbose_name="to be checked by the Region"),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked")),
                (
                    "check_reasons",
                    models.TextField(blank=True, max_length=2000, verbose_name="how it was checked"),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("proposed", "Being checked"),
                            ("in_use", "In use"),
                            ("refused", "Refused"),
                            ("replaced", "Replaced"),
                        ],
                        default="proposed",
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
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_accounts",
                        to="calls.dossier",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "bank account",
                "verbose_name_plural": "bank accounts",
                "ordering": ["dossier", "-given_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_use")),
                        fields=("dossier",),
                        name="contracts_bankaccount_one_in_use",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("dossier",),
                        name="contracts_bankaccount_one_proposed",
                        violation_error_message="Another change of bank account is being checked.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("iban__regex", "^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$")),
                        name="contracts_bankaccount_iban",
                        violation_error_message="An IBAN is written without spaces.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_use", "replaced"]), _negated=True),
                            ("needs_check", False),
                            ("checked_by__isnull", False),
                            _connector="OR",
                        ),
                        name="contracts_bankaccount_checked",
                        violation_error_message="A change of bank account is checked before it is used.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by__isnull", True),
                            models.Q(("checked_by", models.F("given_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contracts_bankaccount_two_people",
                        violation_error_message="Who gave a bank account does not check it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("advance", "Advance"),
                            ("interim", "Interim payment"),
                            ("balance", "Balance"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "planned_amount",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="planned amount"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="amount to pay"
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed")),
                (
                    "claim_comment",
                    models.TextField(blank=True, max_length=2000, verbose_name="comment of the claim"),
                ),
                (
                    "return_reasons",
                    models.TextField(blank=True, max_length=2000, verbose_name="why it was sent back"),
                ),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="proposed")),
                (
                    "certified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="service certified"),
                ),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="paid on")),
                (
                    "payment_reference",
                    models.CharField(blank=True, max_length=60, verbose_name="payment order"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="to be paid before")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.bankaccount",
                        verbose_name="paid to",
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("planned", "Planned"),
                            ("claimed", "Claimed"),
                            ("proposed", "Proposed for payment"),
                            ("certified", "Service certified"),
                            ("paid", "Paid"),
                            ("cancelled", "Not due"),
                        ],
                        default="planned",
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
                    "certified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instalments",
                        to="contracts.contract",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "verbose_name": "instalment",
                "verbose_name_plural": "instalments",
                "ordering": ["contract", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "number"), name="contracts_instalment_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_amount__gte", 0),
                            models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        ),
                        name="contracts_instalment_positive",
                        violation_error_message="Amounts cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certified_by__isnull", True),
                            models.Q(("certified_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contracts_instalment_two_people",
                        violation_error_message="The service is certified by somebody other than who proposed the payment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_by__isnull", True),
                            models.Q(
                                models.Q(("paid_by", models.F("proposed_by")), _negated=True),
                                models.Q(("paid_by", models.F("certified_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_instalment_payer_apart",
                        violation_error_message="Who pays has neither proposed nor certified the payment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True),
                            models.Q(
                                ("account__isnull", False),
                                ("amount__isnull", False),
                                ("certified_by__isnull", False),
                                ("paid_by__isnull", False),
                                ("paid_on__isnull", False),
                                models.Q(("payment_reference", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_instalment_paid_is_certified",
                        violation_error_message="A payment has its certificate, its order, its date and its account.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount")),
                ("grounds", models.TextField(max_length=5000, verbose_name="grounds")),
                ("heard_before", models.DateField(verbose_name="observations before")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                (
                    "observations",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="observations of the beneficiary"
                    ),
                ),
                (
                    "observed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="observations received"),
                ),
                (
                    "hearing_ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="hearing ended"),
                ),
                (
                    "decided_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="amount to give back",
                    ),
                ),
                (
                    "pay_before",
                    models.DateField(blank=True, null=True, verbose_name="to be given back before"),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decision_grounds",
                    models.TextField(blank=True, max_length=5000, verbose_name="grounds of the decision"),
                ),
                ("recovered_on", models.DateField(blank=True, null=True, verbose_name="recovered on")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("hearing", "Waiting for observations"),
                            ("decided", "Decided"),
                            ("recovered", "Recovered"),
                            ("dropped", "Dropped"),
                        ],
                        default="hearing",
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
                    "contract",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery",
                        to="contracts.contract",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recovery",
                "verbose_name_plural": "recoveries",
                "ordering": ["contract"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), models.Q(("grounds", ""), _negated=True)),
                        name="contracts_recovery_grounds",
                        violation_error_message="A recovery has its amount and its grounds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_amount__isnull", True),
                            models.Q(("decided_amount__gte", 0), ("decided_amount__lte", models.F("amount"))),
                            _connector="OR",
                        ),
                        name="contracts_recovery_decided_within",
                        violation_error_message="The decision cannot ask for more than what was notified.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contracts_recovery_two_people",
                        violation_error_message="A recovery is decided by somebody other than who opened it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["decided", "recovered"]), _negated=True),
                            models.Q(
                                ("decided_amount__gt", 0),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decision_grounds", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_recovery_decided_reasons",
                        violation_error_message="A recovery decision gives its reasons.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("interim", "Interim report"), ("final", "Final report")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("period_start", models.DateField(verbose_name="from")),
                ("period_end", models.DateField(verbose_name="to")),
                ("due_on", models.DateField(verbose_name="due")),
                ("narrative", models.JSONField(blank=True, default=dict, verbose_name="narrative")),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version of the draft")),
                (
                    "return_reasons",
                    models.TextField(blank=True, max_length=5000, verbose_name="what to correct"),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="reminders sent")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="saved")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("expected", "Expected"),
                            ("submitted", "Submitted"),
                            ("returned", "To be corrected"),
                            ("accepted", "Accepted"),
                        ],
                        default="expected",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "accepted_by",
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
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="contracts.contract",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["contract", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "number"), name="contracts_report_number"),
                    models.CheckConstraint(
                        condition=models.Q(("period_end__gte", models.F("period_start"))),
                        name="contracts_report_period_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contracts_report_accepted_complete",
                        violation_error_message="An accepted report has its author and date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "number",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="value"
                    ),
                ),
                (
                    "numerator",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="numerator"
                    ),
                ),
                (
                    "denominator",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="denominator"
                    ),
                ),
                ("breakdown", models.JSONField(blank=True, default=dict, verbose_name="breakdown")),
                (
                    "text",
                    models.TextField(blank=True, max_length=3000, verbose_name="narrative and evidence"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="calls.dossierindicator",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="contracts.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "value of an indicator",
                "verbose_name_plural": "values of indicators",
                "ordering": ["report", "indicator__kind", "indicator__code"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "indicator"), name="contracts_value_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("numerator__isnull", True), ("numerator__gte", 0), _connector="OR"
                        ),
                        name="contracts_value_numerator_positive",
                        violation_error_message="Counts cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("denominator__isnull", True), ("denominator__gte", 0), _connector="OR"
                        ),
                        name="contracts_value_denominator_positive",
                        violation_error_message="Counts cannot be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportExpense",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=20, verbose_name="account")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                (
                    "planned",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="planned"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="spent",
                    ),
                ),
                (
                    "accepted",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="accepted by the Region",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why a part is set aside"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expenses",
                        to="contracts.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "expense reported",
                "verbose_name_plural": "expenses reported",
                "ordering": ["report", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "code"), name="contracts_expense_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="contracts_expense_positive",
                        violation_error_message="Amounts cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted__isnull", True),
                            ("accepted", models.F("amount")),
                            models.Q(
                                ("accepted__gte", 0),
                                ("accepted__lt", models.F("amount")),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contracts_expense_accepted_within",
                        violation_error_message="What is set aside has its reason, and nothing is added.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[("beneficiary", "Beneficiary"), ("region", "Region")],
                        max_length=12,
                        verbose_name="party",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("capacity", models.CharField(max_length=200, verbose_name="capacity")),
                ("signed_at", models.DateTimeField(verbose_name="signed")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the text signed")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.case"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="contracts.contract",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.documentversion",
                        verbose_name="text",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ["contract", "signed_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "party"), name="contracts_signature_once"),
                    models.UniqueConstraint(
                        fields=("version", "user"),
                        name="contracts_signature_two_people",
                        violation_error_message="The same person cannot sign for both parties.",
                    ),
                ],
            },
        ),
    ]
