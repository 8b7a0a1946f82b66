"""All tables, as of the first release.

Made by ``tools/revise.py --tables`` from the models and made anew by it until then; by hand comes what 0002 holds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite autoincrements INTEGER PRIMARY KEY only
INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # compared by code point


def upgrade() -> None:
    _attachment()
    _erasure()
    _inbox()
    _lease()
    _living()
    _person()
    _press()
    _seal()
    _setting()
    _team()
    _upload()
    _dialog()
    _due()
    _guess()
    _job()
    _member()
    _nudge()
    _outbox()
    _act()
    _export_log()
    _invite()
    _reply_template()
    _sheet_import()
    _survey()
    _change()
    _customer()
    _survey_wave()
    _contact()
    _next_touch()
    _reminder()
    _tag()
    _channel()
    _correction()
    _customer_case()
    _customer_link()
    _search_key()
    _search_name()
    _survey_invitation()
    _survey_response()
    _talk()
    _touch()
    _binding()
    _case_entry()
    _consent()
    _draft()
    _enquiry()
    _touch_amount()
    _media()
    if op.get_bind().dialect.name != "sqlite":  # SQLite had it with the table; others make team before member
        op.create_foreign_key("fk_team_lead_id_member", "team", "member", ["lead_id"], ["id"])


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("sweep", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_erasure_person_id"), "erasure", ["person_id"], unique=False)


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("seq", ID, autoincrement=True, nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("update_id", name=op.f("uq_inbox_update_id")),
    )
    op.create_index(
        "ix_inbox_aside",
        "inbox",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("state = 2"),
        postgresql_where=sa.text("state = 2"),
    )
    op.create_index(
        "ix_inbox_lane",
        "inbox",
        ["lane", "seq"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index("ix_inbox_old", "inbox", ["received_at"], unique=False)
    op.create_index(
        "ix_inbox_open",
        "inbox",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def _living() -> None:
    op.create_table(
        "living",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "name", name=op.f("pk_living")),
    )
    op.create_index("ix_living_message", "living", ["chat_id", "message_id"], unique=False)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("morning_at", sa.Time(), nullable=False),
        sa.Column("reachable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("unreachable_since", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("paused_until", INSTANT, nullable=True),
        sa.Column("topics_off", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_person_telegram_id")),
        sqlite_autoincrement=True,
    )


def _press() -> None:
    op.create_table(
        "press",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press")),
        sa.UniqueConstraint("chat_id", "message_id", "payload", name="uq_press_once"),
    )
    op.create_index("ix_press_at", "press", ["at"], unique=False)


def _seal() -> None:
    op.create_table(
        "seal",
        sa.Column("number", ID, autoincrement=False, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("changes_from", ID, nullable=False),
        sa.Column("changes_to", ID, nullable=False),
        sa.Column("acts_end", ID, nullable=False),
        sa.Column("changes_end", ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_index(op.f("ix_seal_act_id"), "seal", ["act_id"], unique=False)


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )


def _team() -> None:
    op.create_table(
        "team",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("lead_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["member.id"], name="fk_team_lead_id_member", use_alter=True),
        sa.ForeignKeyConstraint(["parent_id"], ["team.id"], name=op.f("fk_team_parent_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_team_parent_id"), "team", ["parent_id"], unique=False)


def _upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )


def _dialog() -> None:
    op.create_table(
        "dialog",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=48), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dialog_person_id_person")),
        sa.PrimaryKeyConstraint("chat_id", "person_id", name=op.f("pk_dialog")),
    )


def _due() -> None:
    op.create_table(
        "due",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("useful_until", INSTANT, nullable=True),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_due_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint("key", name=op.f("uq_due_key")),
    )
    op.create_index(
        "ix_due_open",
        "due",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index("ix_due_person", "due", ["person_id"], unique=False)
    op.create_index("ix_due_subject", "due", ["kind", "subject_id"], unique=False)


def _guess() -> None:
    op.create_table(
        "guess",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guess_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guess")),
    )
    op.create_index("ix_guess_person", "guess", ["kind", "person_id", "at"], unique=False)


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("heartbeat_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_job_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_open",
        "job",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state in ('waiting', 'running')"),
        postgresql_where=sa.text("state in ('waiting', 'running')"),
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("away_from", INSTANT, nullable=True),
        sa.Column("away_until", INSTANT, nullable=True),
        sa.Column("stand_in_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id_person")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["member.id"], name=op.f("fk_member_stand_in_id_member")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_member_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("person_id", name=op.f("uq_member_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_member_stand_in_id",
        "member",
        ["stand_in_id"],
        unique=False,
        sqlite_where=sa.text("stand_in_id is not null"),
        postgresql_where=sa.text("stand_in_id is not null"),
    )
    op.create_index(op.f("ix_member_team_id"), "member", ["team_id"], unique=False)


def _nudge() -> None:
    op.create_table(
        "nudge",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nudge_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_nudge")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("copy_rule", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=48), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("living", sa.Text(), nullable=True),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("secret", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_outbox_attachment_id_attachment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    )
    op.create_index("ix_outbox_settled", "outbox", ["settled_at"], unique=False)
    op.create_index(
        "ix_outbox_tried",
        "outbox",
        ["chat_id"],
        unique=False,
        sqlite_where=sa.text("state < 2 AND attempt > 0"),
        postgresql_where=sa.text("state < 2 AND attempt > 0"),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state > 2"),
        postgresql_where=sa.text("state > 2"),
    )


def _act() -> None:
    op.create_table(
        "act",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undo_until", INSTANT, nullable=True),
        sa.Column("undone_by", ID, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("hidden_from", ID, nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("erased_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_act_member_id_member")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_act_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index("ix_act_customer", "act", ["customer_id", "id"], unique=False)
    op.create_index("ix_act_member", "act", ["member_id", "id"], unique=False)
    op.create_index("ix_act_person", "act", ["person_id", "id"], unique=False)


def _export_log() -> None:
    op.create_table(
        "export_log",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_export_log_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_log")),
    )
    op.create_index("ix_export_log_member", "export_log", ["member_id", "at"], unique=False)


def _invite() -> None:
    op.create_table(
        "invite",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("issued_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_by", ID, nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["issued_by"], ["member.id"], name=op.f("fk_invite_issued_by_member")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_invite_team_id_team")),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_invite_used_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invite_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invite_issued_by"), "invite", ["issued_by"], unique=False)


def _reply_template() -> None:
    op.create_table(
        "reply_template",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_reply_template_member_id_member")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_reply_template_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
        sqlite_autoincrement=True,
    )


def _sheet_import() -> None:
    op.create_table(
        "sheet_import",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("act_id", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sheet_import_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sheet_import_member_id"), "sheet_import", ["member_id"], unique=False)


def _survey() -> None:
    op.create_table(
        "survey",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=True),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("trigger", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_survey_created_by_member")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_survey_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sqlite_autoincrement=True,
    )


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("erased_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_change_act_id_act")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_act_id"), "change", ["act_id"], unique=False)
    op.create_index("ix_change_row", "change", ["table_name", "row_id"], unique=False)


def _customer() -> None:
    op.create_table(
        "customer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("preferences", sa.Text(), nullable=True),
        sa.Column("interests", sa.Text(), nullable=True),
        sa.Column("budget", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("import_id", ID, nullable=True),
        sa.Column("touched_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_customer_created_by_member")),
        sa.ForeignKeyConstraint(["import_id"], ["sheet_import.id"], name=op.f("fk_customer_import_id_sheet_import")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_customer_owner_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_customer_external_id"), "customer", ["external_id"], unique=False)
    op.create_index("ix_customer_import", "customer", ["import_id"], unique=False)
    op.create_index("ix_customer_owner", "customer", ["owner_id", "id"], unique=False)


def _survey_wave() -> None:
    op.create_table(
        "survey_wave",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_survey_wave_created_by_member")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_wave_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_wave")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_survey_wave_survey_id"), "survey_wave", ["survey_id"], unique=False)


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("nickname", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("gender", sa.String(length=32), nullable=True),
        sa.Column("birthday_month", sa.SmallInteger(), nullable=True),
        sa.Column("birthday_day", sa.SmallInteger(), nullable=True),
        sa.Column("birthday_year", sa.SmallInteger(), nullable=True),
        sa.Column("birthday_lunar", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("preferred_channel", sa.Text(), nullable=True),
        sa.Column("preferred_time", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_birthday", "contact", ["birthday_month", "birthday_day"], unique=False)
    op.create_index(op.f("ix_contact_customer_id"), "contact", ["customer_id"], unique=False)


def _next_touch() -> None:
    op.create_table(
        "next_touch",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_next_touch_customer_id_customer")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_next_touch_owner_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_touch")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_next_touch_customer_id"), "next_touch", ["customer_id"], unique=False)
    op.create_index(
        "ix_next_touch_day",
        "next_touch",
        ["owner_id", "day"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_next_touch_open",
        "next_touch",
        ["customer_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("repeat", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_reminder_customer_id_customer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reminder_customer_id"), "reminder", ["customer_id"], unique=False)
    op.create_index("ix_reminder_person", "reminder", ["person_id", "state", "at"], unique=False)


def _tag() -> None:
    op.create_table(
        "tag",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_tag_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("customer_id", "norm", name=op.f("uq_tag_customer_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tag_norm", "tag", ["norm", "customer_id"], unique=False)


def _channel() -> None:
    op.create_table(
        "channel",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("normal", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_channel_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_channel_contact_id"), "channel", ["contact_id"], unique=False)
    op.create_index("ix_channel_normal", "channel", ["kind", "normal"], unique=False)


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_correction_contact_id_contact")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_correction_customer_id_customer")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_correction_decided_by_member")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_correction_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_correction_customer_id"), "correction", ["customer_id"], unique=False)
    op.create_index(op.f("ix_correction_person_id"), "correction", ["person_id"], unique=False)


def _customer_case() -> None:
    op.create_table(
        "customer_case",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("about_id", ID, nullable=True),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("answer_due", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("update_due", INSTANT, nullable=True),
        sa.Column("solve_due", INSTANT, nullable=True),
        sa.Column("solved_at", INSTANT, nullable=True),
        sa.Column("waiting_since", INSTANT, nullable=True),
        sa.Column("waited_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("lesson", sa.Text(), nullable=True),
        sa.Column("invitation_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["member.id"], name=op.f("fk_customer_case_about_id_member")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_customer_case_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_case_customer_id_customer")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_customer_case_owner_id_member")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_customer_case_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_customer_case_reference")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_customer", "customer_case", ["customer_id", "id"], unique=False)
    op.create_index("ix_case_owner", "customer_case", ["owner_id", "state"], unique=False)
    op.create_index("ix_case_person", "customer_case", ["person_id", "id"], unique=False)
    op.create_index("ix_case_state", "customer_case", ["state", "answer_due"], unique=False)


def _customer_link() -> None:
    op.create_table(
        "customer_link",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("opened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("used_by", ID, nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_customer_link_contact_id_contact")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_customer_link_created_by_member")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_link_customer_id_customer")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_customer_link_member_id_member")),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_customer_link_used_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_customer_link_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_customer_link_customer_id"), "customer_link", ["customer_id"], unique=False)
    op.create_index(op.f("ix_customer_link_member_id"), "customer_link", ["member_id"], unique=False)


def _search_key() -> None:
    op.create_table(
        "search_key",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_search_key_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_search_key_customer_id_customer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_key")),
    )
    op.create_index(op.f("ix_search_key_customer_id"), "search_key", ["customer_id"], unique=False)
    op.create_index(
        "ix_search_key_key", "search_key", ["kind", "key", "owner", "customer_id", "contact_id"], unique=False
    )
    op.create_index(
        "ix_search_key_owner", "search_key", ["kind", "owner", "key", "customer_id", "contact_id"], unique=False
    )


def _search_name() -> None:
    op.create_table(
        "search_name",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("norm", KEY, nullable=False),
        sa.Column("norm_len", sa.Integer(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_search_name_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_search_name_customer_id_customer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_name")),
    )
    op.create_index(op.f("ix_search_name_customer_id"), "search_name", ["customer_id"], unique=False)
    op.create_index("ix_search_name_norm", "search_name", ["norm"], unique=False)
    op.create_index("ix_search_name_owner", "search_name", ["owner", "norm"], unique=False)


def _survey_invitation() -> None:
    op.create_table(
        "survey_invitation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("wave_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("touch_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("response_id", ID, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("send_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("carrier", sa.String(length=32), nullable=True),
        sa.Column("carried", sa.String(length=32), nullable=True),
        sa.Column("carried_at", INSTANT, nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_survey_invitation_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_survey_invitation_customer_id_customer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_invitation_person_id_person")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_invitation_survey_id_survey")),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_invitation_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_invitation_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_invitation_carried",
        "survey_invitation",
        ["carried", "send_at"],
        unique=False,
        sqlite_where=sa.text("carried IN ('due', 'sending')"),
        postgresql_where=sa.text("carried IN ('due', 'sending')"),
    )
    op.create_index("ix_invitation_contact", "survey_invitation", ["contact_id"], unique=False)
    op.create_index("ix_invitation_survey", "survey_invitation", ["survey_id", "state"], unique=False)
    op.create_index(op.f("ix_survey_invitation_customer_id"), "survey_invitation", ["customer_id"], unique=False)
    op.create_index(op.f("ix_survey_invitation_person_id"), "survey_invitation", ["person_id"], unique=False)
    op.create_index(op.f("ix_survey_invitation_wave_id"), "survey_invitation", ["wave_id"], unique=False)


def _survey_response() -> None:
    op.create_table(
        "survey_response",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("wave_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.Column("entered_member_id", ID, nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("complete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("released", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_survey_response_contact_id_contact")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_survey_response_customer_id_customer")),
        sa.ForeignKeyConstraint(
            ["entered_member_id"], ["member.id"], name=op.f("fk_survey_response_entered_member_id_member")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_survey_response_member_id_member")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_response_survey_id_survey")),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_response_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_response_survey", "survey_response", ["survey_id", "wave_id"], unique=False)
    op.create_index(op.f("ix_survey_response_customer_id"), "survey_response", ["customer_id"], unique=False)


def _talk() -> None:
    op.create_table(
        "talk",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("replies_to", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("recalled_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_talk_answered_by_member")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_talk_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_talk_customer_id_customer")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_talk_member_id_member")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_person_id_person")),
        sa.ForeignKeyConstraint(["replies_to"], ["talk.id"], name=op.f("fk_talk_replies_to_talk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_talk_customer", "talk", ["customer_id", "id"], unique=False)
    op.create_index("ix_talk_message", "talk", ["chat_id", "message_id"], unique=False)
    op.create_index(
        "ix_talk_open",
        "talk",
        ["customer_id", "said_at"],
        unique=False,
        sqlite_where=sa.text("member_id is null and answered_at is null"),
        postgresql_where=sa.text("member_id is null and answered_at is null"),
    )
    op.create_index(op.f("ix_talk_person_id"), "talk", ["person_id"], unique=False)


def _touch() -> None:
    op.create_table(
        "touch",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_touch_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_touch_customer_id_customer")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_touch_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touch")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_touch_customer", "touch", ["customer_id", "happened_at", "id"], unique=False)
    op.create_index("ix_touch_member", "touch", ["member_id", "happened_at"], unique=False)
    op.create_index("ix_touch_message", "touch", ["chat_id", "message_id"], unique=False)


def _binding() -> None:
    op.create_table(
        "binding",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("link_id", ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_binding_contact_id_contact")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_binding_customer_id_customer")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_binding_decided_by_member")),
        sa.ForeignKeyConstraint(["link_id"], ["customer_link.id"], name=op.f("fk_binding_link_id_customer_link")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_binding_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_binding_contact_id"), "binding", ["contact_id"], unique=False)
    op.create_index(op.f("ix_binding_customer_id"), "binding", ["customer_id"], unique=False)
    op.create_index("ix_binding_person", "binding", ["person_id", "state"], unique=False)
    op.create_index(
        "uq_binding_open",
        "binding",
        ["person_id", "contact_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )


def _case_entry() -> None:
    op.create_table(
        "case_entry",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("template_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["customer_case.id"], name=op.f("fk_case_entry_case_id_customer_case")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_case_entry_member_id_member")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["reply_template.id"],
            name=op.f("fk_case_entry_template_id_reply_template"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_case_entry_case_id"), "case_entry", ["case_id"], unique=False)


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("link_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_consent_contact_id_contact")),
        sa.ForeignKeyConstraint(["link_id"], ["customer_link.id"], name=op.f("fk_consent_link_id_customer_link")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_contact_id"), "consent", ["contact_id"], unique=False)
    op.create_index("ix_consent_person", "consent", ["person_id", "purpose", "id"], unique=False)


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("missing", sa.String(length=32), nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("touch_id", ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_draft_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_draft_customer_id_customer")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_draft_member_id_member")),
        sa.ForeignKeyConstraint(["touch_id"], ["touch.id"], name=op.f("fk_draft_touch_id_touch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("chat_id", "message_id", name="uq_draft_message"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draft_customer_id"), "draft", ["customer_id"], unique=False)
    op.create_index(
        "ix_draft_open",
        "draft",
        ["member_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _enquiry() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("link_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("handled_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_enquiry_customer_id_customer")),
        sa.ForeignKeyConstraint(["handled_by"], ["member.id"], name=op.f("fk_enquiry_handled_by_member")),
        sa.ForeignKeyConstraint(["link_id"], ["customer_link.id"], name=op.f("fk_enquiry_link_id_customer_link")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enquiry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_enquiry_customer_id"), "enquiry", ["customer_id"], unique=False)
    op.create_index("ix_enquiry_person", "enquiry", ["person_id", "created_at"], unique=False)
    op.create_index("ix_enquiry_state", "enquiry", ["state", "id"], unique=False)


def _touch_amount() -> None:
    op.create_table(
        "touch_amount",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("touch_id", ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["touch_id"], ["touch.id"], name=op.f("fk_touch_amount_touch_id_touch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touch_amount")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_touch_amount_touch_id"), "touch_amount", ["touch_id"], unique=False)


def _media() -> None:
    op.create_table(
        "media",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("touch_id", ID, nullable=True),
        sa.Column("draft_id", ID, nullable=True),
        sa.Column("talk_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["customer_case.id"], name=op.f("fk_media_case_id_customer_case")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_media_customer_id_customer")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_media_draft_id_draft")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_media_talk_id_talk")),
        sa.ForeignKeyConstraint(["touch_id"], ["touch.id"], name=op.f("fk_media_touch_id_touch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_media_case_id"), "media", ["case_id"], unique=False)
    op.create_index(op.f("ix_media_customer_id"), "media", ["customer_id"], unique=False)
    op.create_index(op.f("ix_media_draft_id"), "media", ["draft_id"], unique=False)
    op.create_index(op.f("ix_media_talk_id"), "media", ["talk_id"], unique=False)
    op.create_index(op.f("ix_media_touch_id"), "media", ["touch_id"], unique=False)
