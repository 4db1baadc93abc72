"""Files that people send, bounded while they arrive."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

#: Of a file that is longer nothing is kept. Each form has a limit of its own below this one.
LONGEST = 13 * 1024 * 1024


class Bounded(TemporaryFileUploadHandler):
    """Writes no more of a file to disk from the byte on at which it is too long; the form is told how long it was.

    The rest of the form is read, so that the words in it are not lost with the file.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) <= LONGEST:
            super().receive_data_chunk(raw_data, start)
        return None

    def file_complete(self, file_size: int) -> Any:
        if file_size <= LONGEST:
            return super().file_complete(file_size)
        self.file.close()
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)
