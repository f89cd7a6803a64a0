"""How a loader loads: many documents at once, their records as Documents, and what becomes of those that fail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.bulk.estimates import LoadEstimate, estimate_load
from extract_bridge.bulk.source_texts import page_texts
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.schema.values import parse_as
from extract_bridge.langchain.inputs import Inputs
from extract_bridge.langchain.job_loader import failed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from langchain_core.documents import Document

    from extract_bridge.bulk import Extraction
    from extract_bridge.langchain.loader import ExtractLoader


class Loading:
    """One run of a loader: what belongs to it and not to the loader.

    Args:
        loader: Says what to load, and how.
    """

    def __init__(self, loader: ExtractLoader) -> None:
        self.inputs = Inputs(loader.files, loader.allowed_roots)
        self._loader = loader
        self._count = 0
        self._raises = loader.on_error == "raise"
        self._finished: list[Extraction] = []

    def estimate(self) -> LoadEstimate:
        """What it would cost at most."""
        return estimate_load(self.inputs, self._loader.options.configuration_keywords())

    def extractions(self) -> Iterator[Extraction]:
        """What comes of each document."""
        return extract_many(self.inputs, **self._keywords())

    def aextractions(self) -> AsyncIterator[Extraction]:
        """Like `extractions`, without blocking the event loop."""
        return aextract_many(self.inputs, **self._keywords())

    def documents(self, extraction: Extraction) -> list[Document]:
        """One document's Documents; a result that does not fit `output_cls` is that document's error."""
        self._counted()
        error = extraction.error or self._misfit(extraction)
        if error is None:
            try:
                made = self._styled(extraction)
            except ConfigurationError:
                raise
            except ExtractError as failure:  # its text could not be read
                error = failure
            else:
                if self._raises and self._keeps:
                    self._finished.append(extraction)
                return made
        if self._raises:
            error.__dict__["partial"] = self._finished
            error.__dict__["job_ids"] = [
                item.job.id for item in [*self._finished, extraction] if item.job is not None
            ]
            raise error
        return failed(extraction.source, error, self._loader.on_error, self._extra(extraction))

    def finished(self, error: ExtractError) -> ExtractError:
        """The error with Documents in the place of the Extractions that were finished before it."""
        done = getattr(error, "partial", ())
        error.__dict__["partial"] = [document for item in done for document in self._styled(item)]
        error.__dict__.setdefault("job_ids", [])
        return error

    def _keywords(self) -> dict[str, Any]:
        loader = self._loader
        fields = type(loader.options).model_fields
        named = {field.alias or name: getattr(loader.options, name) for name, field in fields.items()}
        if named["api_key"] is not None:
            named["api_key"] = named["api_key"].get_secret_value()
        return {
            **loader._many,  # noqa: SLF001 - one thing
            "on_error": "raise" if self._raises else "yield",
            "ledger": loader.ledger,
            "budget": loader.budget,
            **{name: value for name, value in named.items() if value is not None},
        }

    @property
    def _keeps(self) -> bool:
        """Whether a document may still fail once its job is done; then what is finished is kept for the error here."""
        return self._loader.options.output_cls is not None or self._loader.style.content == "source"

    def _styled(self, extraction: Extraction) -> list[Document]:
        style, texts = self._loader.style, None
        if style.content == "source" and style.page_texts is None:
            texts = page_texts(self._loader.options.sync_client(), extraction.job)
        return list(style.documents(extraction.records, extraction.job, self._extra(extraction), texts))

    def _extra(self, extraction: Extraction) -> dict[str, Any] | None:
        return self.inputs.brought(extraction.index, keep=self._raises)

    def _misfit(self, extraction: Extraction) -> ExtractError | None:
        if self._loader.options.output_cls is None:
            return None
        try:
            for record in extraction.records:
                parse_as(record.data, self._loader.options.output_cls)
        except ExtractError as error:
            return error
        return None

    def _counted(self) -> None:
        self._count += 1
        if self._loader.show_progress:
            sys.stderr.write(f"\r{self._count} documents extracted")
            sys.stderr.flush()
