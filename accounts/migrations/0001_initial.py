import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=3, unique=True, verbose_name="INSEE code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(unique=True, verbose_name="short name")),
                ("siret", models.CharField(max_length=14, verbose_name="SIRET")),
                (
                    "time_zone",
                    models.CharField(default="Europe/Paris", max_length=40, verbose_name="time zone"),
                ),
                ("accent", models.CharField(default="blue", max_length=20, verbose_name="accent colour")),
                ("service_name", models.CharField(max_length=200, verbose_name="service in charge")),
                ("service_address", models.TextField(verbose_name="postal address of the service")),
                ("service_email", models.EmailField(max_length=254, verbose_name="e-mail of the service")),
                ("service_phone", models.CharField(max_length=30, verbose_name="telephone of the service")),
                ("president", models.CharField(max_length=120, verbose_name="president")),
                ("court", models.CharField(max_length=120, verbose_name="administrative court")),
            ],
            options={
                "verbose_name": "Region",
                "verbose_name_plural": "Regions",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["last_name", "first_name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="accounts_user_email_unique",
                        violation_error_message="Somebody already signs in with this address.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "legal_form",
                    models.CharField(
                        choices=[
                            ("association", "Association or foundation"),
                            ("company", "Company"),
                            ("public", "Public establishment or chamber"),
                            ("local_authority", "Local authority"),
                        ],
                        max_length=20,
                        verbose_name="legal form",
                    ),
                ),
                ("siret", models.CharField(max_length=14, unique=True, verbose_name="SIRET")),
                ("rna", models.CharField(blank=True, max_length=10, verbose_name="RNA number")),
                ("address", models.TextField(blank=True, verbose_name="postal address")),
                ("postcode", models.CharField(blank=True, max_length=5, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                (
                    "training_number",
                    models.CharField(
                        blank=True, max_length=11, verbose_name="training activity number (NDA)"
                    ),
                ),
                ("created_on", models.DateField(blank=True, null=True, verbose_name="date of creation")),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["name", "siret"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("siret__regex", "^[0-9]{14}$")),
                        name="accounts_organisation_siret_digits",
                        violation_error_message="A SIRET has 14 digits.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("crefop_plenary", "CREFOP plenary"),
                            ("crefop_bureau", "CREFOP bureau"),
                            ("crefop_commission", "CREFOP commission"),
                            ("coparef", "COPAREF"),
                            ("selection_committee", "Selection committee"),
                            ("commission_permanente", "Commission permanente"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "rule_profile",
                    models.CharField(default="crpa_r133", max_length=40, verbose_name="rule profile"),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
                        to="accounts.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
                "ordering": ["region", "kind", "name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="accounts_body_validity_in_order",
                        violation_error_message="The end of validity comes before its beginning.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
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
                ("is_alternate", models.BooleanField(default=False, verbose_name="alternate")),
                (
                    "voice",
                    models.CharField(
                        choices=[("deliberative", "Deliberative"), ("consultative", "Consultative")],
                        default="deliberative",
                        max_length=20,
                        verbose_name="voice",
                    ),
                ),
                ("capacity", models.CharField(blank=True, max_length=160, verbose_name="capacity")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="accounts.body"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "seat",
                "verbose_name_plural": "seats",
                "ordering": ["body", "college", "is_alternate", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="accounts_seat_validity_in_order",
                        violation_error_message="The end of validity comes before its beginning.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("body", "user"),
                        name="accounts_seat_once",
                        violation_error_message="This person already sits in this body.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("verb", models.CharField(max_length=60, verbose_name="act")),
                ("object_type", models.CharField(max_length=60, verbose_name="kind of object")),
                ("object_id", models.CharField(max_length=40, verbose_name="object")),
                ("data", models.JSONField(default=dict, verbose_name="detail")),
                (
                    "actor",
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
                "verbose_name": "account event",
                "verbose_name_plural": "account events",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["object_type", "object_id"], name="accounts_ac_object__ea6226_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("editor", "Prepares dossiers"),
                            ("signatory", "Prepares, submits and signs"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("capacity", models.CharField(blank=True, max_length=120, verbose_name="capacity")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["organisation", "user", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="accounts_membership_validity_in_order",
                        violation_error_message="The end of validity comes before its beginning.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("user", "organisation"),
                        name="accounts_membership_once",
                        violation_error_message="This person already belongs to the organisation.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_officer", "Case officer"),
                            ("manager", "Head of service"),
                            ("signatory", "Signatory"),
                            ("payments", "Payments officer"),
                            ("pilot", "Pact pilot"),
                            ("expert", "Expert reviewer"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("capacity", models.CharField(blank=True, max_length=160, verbose_name="capacity")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="accounts.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "ordering": ["region", "role", "user", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="accounts_post_validity_in_order",
                        violation_error_message="The end of validity comes before its beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region__isnull", False), ("role", "auditor"), _connector="OR"),
                        name="accounts_post_region_or_auditor",
                        violation_error_message="Only an auditor may hold a national post.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("user", "region", "role"),
                        name="accounts_post_once",
                        violation_error_message="This person already holds this post.",
                    ),
                ],
            },
        ),
    ]
