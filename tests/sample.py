"""Tables with tens of thousands of cells: `make test-tables` fills them whole, `make test` asks for a part.

The part is always the same one. A row that nobody wrote down fails either way.
"""

import os
from zlib import crc32

WHOLE = os.environ.get("ALONGSIDE_WHOLE_TABLES", "") not in {"", "0"}


def in_sample(*cell: str, one_in: int = 4) -> bool:
    """Whether a cell of a table is asked for now."""
    return WHOLE or crc32("\n".join(cell).encode()) % one_in == 0
