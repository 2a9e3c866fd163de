"""The defaults of all parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..tsne.schedule import Schedule


@dataclass(frozen=True)
class Settings:
    """The checked parameters of a widget's optimisation; their defaults are only here.

    75 exaggerated iterations reach the KL of scikit-learn's 250 sooner, see `tsne/schedule.py`; 1500
    iterations let maps of 10,000 points settle.
    """

    perplexity: float = 30.0
    early_exaggeration: float = 12.0
    early_exaggeration_iter: int = 75
    exaggeration: float = 1.0
    learning_rate: float | Literal["auto"] = "auto"
    max_iter: int = 1500
    metric: Any = "euclidean"
    metric_params: Mapping[str, Any] | None = None
    init: Any = "pca"
    init_scale: bool = True
    random_state: int | None = 0
    method: Literal["auto", "mesh", "barnes_hut", "exact"] = "auto"
    angle: float = 0.5
    neighbors: Any = "auto"
    affinity: Literal["gaussian", "uniform"] = "gaussian"
    multiscale: Any = ()
    n_jobs: int = -1
    autostart: bool = True
    standardize: bool = False
    height: int = 560
    align: bool | Literal["selection"] = True
    point_size: float | Literal["auto"] = "auto"
    opacity: float | Literal["auto"] = "auto"
    save_state: bool = True
    advice: bool = True
    show_names: bool | Literal["auto"] = "auto"
    show_images: bool = False


DEFAULTS = Settings()


def schedule_of(settings: Settings) -> Schedule:
    """Return the settings that the optimizer follows."""
    return Schedule(
        early_exaggeration=settings.early_exaggeration,
        early_exaggeration_iter=settings.early_exaggeration_iter,
        exaggeration=settings.exaggeration,
        learning_rate=settings.learning_rate,
        max_iter=settings.max_iter,
    )
