"""The fields that a language model is shown (cufit_contracts.profile.Shown)."""

from typing import Any

from pydantic.alias_generators import to_camel

from cufit_contracts.profile import IdealType, ProfileWithoutPhone, Several, Shown, Text, fields_of
from cufit_text.plain import shortened, without_contacts


def shown(told: ProfileWithoutPhone | IdealType, where: Shown, real_name: str) -> dict[str, Any]:
    """By camelCase name, in the order of the list; text is made safe and loses contact data and
    `real_name`. A field that was not told is left out."""

    def safe(text: str, longest: int) -> str:
        return shortened(without_contacts(text, [real_name]), longest)

    found: dict[str, Any] = {}
    for field in fields_of(type(told)):
        value = getattr(told, field.name)
        if where not in field.about or value is None:
            continue
        if text := field.find(Text):
            value = safe(value, text.longest)
        elif (several := field.find(Several)) and several.longest:
            value = [safe(entry, several.longest) for entry in value[: several.most]]
        found[to_camel(field.name)] = value
    return found
