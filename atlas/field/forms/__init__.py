"""Forms for the field with the fields of a record: an XLSForm for ODK and KoboToolbox, and a project for QField."""

from __future__ import annotations

from atlas.field.forms.qfield import write_qfield
from atlas.field.forms.xlsform import write_xlsform

__all__ = ["write_qfield", "write_xlsform"]
