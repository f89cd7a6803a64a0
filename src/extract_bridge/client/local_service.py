"""What `local=` may be. Apart from what connects: classes that only name it cost little."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.core.language_model import LlmMode


@dataclass(frozen=True, slots=True)
class LocalService:
    """The service on this machine, for `local=`.

    Attributes:
        llm: A language model that the engine may ask: a LangChain chat model, a LlamaIndex LLM, `OpenAICompatible`, or a function
            `(messages, json_schema) -> str`. It sees the document's text. None extracts by rules alone.
        llm_mode: `hybrid` (the model is asked for what the rules left open or doubtful), `llm` (for everything), or `rules` (nothing).
        data_dir: Where it keeps its jobs and files; None is a temporary folder that is gone at exit, unless
            `EXTRACT_BRIDGE_DATA_DIR` names one.
        workers: Engine processes; None is one for each processor, up to the service's own cap.
        faults: For tests: requests meet these faults, see `extract_bridge.testing`; None is none.
        allow_webhook_hosts: Hosts that webhooks may go to although they are private, also over plain http.
        allow_source_url: Parse jobs may name their document by a URL, which is fetched from this machine.
        allow_source_hosts: Hosts that such a URL may name although they are private, also over plain http.
    """

    llm: Any = field(default=None, repr=False)
    llm_mode: LlmMode = "hybrid"
    data_dir: Path | str | None = None
    workers: int | None = None
    faults: str | None = None
    allow_webhook_hosts: tuple[str, ...] = ()
    allow_source_url: bool = False
    allow_source_hosts: tuple[str, ...] = ()
