from django.db import migrations

from accounts.guards import needs_verb


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("accounts", "0002_guards")]
    operations = [
        needs_verb(
            "reviews_admissibility",
            "reviews_assessment",
            "reviews_assignment",
            "reviews_bodyopinion",
            "reviews_collegeopinion",
            "reviews_decision",
            "reviews_deliberation",
            "reviews_interestdeclaration",
            "reviews_letter",
            "reviews_piecerequest",
            "reviews_ranking",
            "reviews_rankingline",
            "reviews_reservation",
            "reviews_score",
            "reviews_synthesis",
        ),
    ]
