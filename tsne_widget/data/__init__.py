"""Turn the user's data into a matrix, columns and rows, and back."""

from .annotated import BESIDE
from .coded import is_whole
from .columns import Column, Columns
from .encodings import MAX_CATEGORIES, MAX_NUMERIC_CATEGORIES, Categories, Scale
from .given import read_source
from .images import Images
from .index import Index
from .kept import Kept, copied_params
from .labels import is_name
from .matrix import as_array, as_matrix
from .near import hint
from .new_rows import NewRowsGiven, read_new_rows
from .opaque import ImageColumn
from .pictures import Picture
from .positions import as_positions, values_of
from .source import Source

__all__ = [
    "BESIDE",
    "MAX_CATEGORIES",
    "MAX_NUMERIC_CATEGORIES",
    "Categories",
    "Column",
    "Columns",
    "ImageColumn",
    "Images",
    "Index",
    "Kept",
    "NewRowsGiven",
    "Picture",
    "Scale",
    "Source",
    "as_array",
    "as_matrix",
    "as_positions",
    "copied_params",
    "hint",
    "is_name",
    "is_whole",
    "read_new_rows",
    "read_source",
    "values_of",
]
