"""The language of sentences for people."""

from typing import Annotated

from fastapi import Depends, Header, Response

from cufit_contracts.photo_problems import Language, language_asked_for

_AcceptLanguage = Annotated[
    str | None,
    Header(
        alias="Accept-Language",
        description="Of the sentences for people: Korean (`ko`), unless English is wanted more.",
        examples=["en;q=0.9, ko;q=0.5"],
    ),
]


# Asynchronous although it waits for nothing: FastAPI runs plain functions in threads.
async def _language(response: Response, accept_language: _AcceptLanguage = None) -> Language:
    response.headers.add_vary_header("Accept-Language")
    return language_asked_for(accept_language)


LanguageAsked = Annotated[Language, Depends(_language)]
