from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0013_marks_are_told_apart"),
    ]

    operations = [
        # Of what was written twice in one moment the first one stays.
        migrations.RunSQL(
            """
            alter table attendance_cutoffshift no force row level security;
            delete from attendance_cutoffshift x using attendance_cutoffshift o
             where o.municipality_id = x.municipality_id and o.day = x.day and o.until = x.until and o.id < x.id
               and o.service_id is not distinct from x.service_id and o.school_id is not distinct from x.school_id;
            alter table attendance_cutoffshift force row level security;
            alter table attendance_contest no force row level security;
            delete from attendance_contest x using attendance_contest o
             where o.municipality_id = x.municipality_id and o.child_id = x.child_id and o.service_id = x.service_id
               and o.day = x.day and o.id < x.id;
            alter table attendance_contest force row level security;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"),
                models.F("child"),
                models.F("service"),
                models.F("day"),
                name="one_contest_per_child_service_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="cutoffshift",
            constraint=models.UniqueConstraint(
                models.F("municipality_id"),
                models.F("day"),
                models.F("service"),
                models.F("school"),
                models.F("until"),
                name="one_cut_off_shift_per_day_place_and_instant",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="dayevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "asked",
                            "undone",
                            "marked",
                            "arrived",
                            "left",
                            "adults",
                            "confirmed",
                            "corrected",
                            "closed",
                            "opened",
                        ],
                    )
                ),
                name="what_happens_on_a_day_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["portal", "office", "page", "tablet", "register", "command", "software"])
                ),
                name="an_event_comes_by_a_known_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", [0, 1, 2])), name="an_event_is_of_a_known_strength"
            ),
        ),
        migrations.AddConstraint(
            model_name="dayevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "answer__in",
                        ["accepted", "closed", "late", "doubtful", "taken", "too_far", "row", "month", "no_white", "kept"],
                    )
                ),
                name="what_a_sender_was_told_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="familyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["cancel", "book", "white", "packed", "keep", "undo"])),
                name="what_a_family_asks_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="familyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["portal", "office", "page", "tablet", "register", "command", "software"])
                ),
                name="a_request_comes_by_a_known_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("adults__lte", 99)), name="adults_of_a_class_are_at_most_99"
            ),
        ),
    ]
