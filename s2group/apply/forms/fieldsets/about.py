"""Who applies."""

from flask_babel import lazy_gettext

from s2group.apply.forms import shapes
from s2group.apply.forms.fields import LineField
from s2group.apply.forms.fieldsets.question import Question, asked
from s2group.core.text import LONGEST_EMAIL

ABOUT: dict[str, Question] = {
    "name": Question(
        LineField,
        lazy_gettext("Name"),
        lazy_gettext("Enter your name"),
        hint=lazy_gettext("As on your ID."),
        attributes={"autocomplete": "name"},
    ),
    "name_pinyin": asked("name_pinyin", LineField, hint=lazy_gettext("As in your passport, such as Zhang San.")),
    "email": Question(
        LineField,
        lazy_gettext("E-mail address"),
        lazy_gettext("Enter your e-mail address"),
        hint=lazy_gettext("The receipt and the answer go here."),
        attributes={"autocomplete": "email", "type": "email"},
        options={
            "longest": LONGEST_EMAIL,
            "reads": shapes.email_address,
            "message": lazy_gettext("Enter an e-mail address such as name@example.org"),
        },
    ),
    "phone": asked(
        "phone",
        LineField,
        lazy_gettext("Enter your mobile phone number"),
        attributes={"autocomplete": "tel", "type": "tel"},
        options={
            "reads": shapes.phone_number,
            "message": lazy_gettext("Enter a mobile number such as 138 0013 8000, or +65 8123 4567 from abroad"),
        },
    ),
    "wechat": asked(
        "wechat",
        LineField,
        hint=lazy_gettext("If the group may write to you there."),
        options={
            "reads": shapes.wechat_id,
            "message": lazy_gettext("WeChat ID: enter it as WeChat shows it under your name"),
        },
    ),
}
