"""XML element by element, with the same memory for any length; entities and documents of other places are refused."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from atlas.errors import InputError
from atlas.field.readers.input_source import Source

DEEPEST = 200
_MOST_TEXT = 10_000_000


def elements(
    source: Source, names: frozenset[str], *, root: frozenset[str]
) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """Each element of some names when it is whole, with the elements around it, outermost first.

    Parameters
    ----------
    source
        The file.
    names
        Names without their namespace; such an element is emptied after use.
    root
        What the outermost element may be called.

    Raises
    ------
    InputError
        The file is not XML, is another kind of XML, is cut off, declares entities, or is nested without end.
    """
    around: list[Element] = []
    wanted = 0
    for event, element in _events(source):
        if event == "start":
            _refuse(source, element, around, root)
            around.append(element)
            wanted += bare(element.tag) in names
            continue
        around.pop()
        if bare(element.tag) in names:
            wanted -= 1
            yield element, tuple(around)
        # what nobody waits for is let go, but the name of a folder
        if around and (bare(element.tag) in names or not wanted) and bare(element.tag) != "name":
            element.clear()
            around[-1].remove(element)


def whole(source: Source) -> Element:
    """The outermost element with all that is in it, of a file that is small by its nature.

    Raises
    ------
    InputError
        The file is larger than that, is not XML, is cut off, declares entities, or is nested without end.
    """
    if source.size() > _MOST_TEXT:
        most = f"{_MOST_TEXT / 1e6:,.0f} MB"
        msg = f"{source.name} has more than {most}, which no submission and no form has; look at what it is"
        raise InputError(msg)
    around: list[Element] = []
    root: Element | None = None
    for event, element in _events(source):
        if event == "start":
            _refuse(source, element, around)
            around.append(element)
        else:
            root = around.pop()
    if root is None:
        msg = f"{source.name} has no XML in it; save or copy it again"
        raise InputError(msg)
    return root


def _events(source: Source) -> Iterator[tuple[str, Element]]:
    with source.open() as stream:
        try:
            yield from iterparse(stream, events=("start", "end"), forbid_dtd=True)
        except ParseError as error:
            msg = f"{source.name} is not whole XML ({error}); save or copy it again"
            raise InputError(msg) from error
        except DefusedXmlException as error:
            msg = f"{source.name} declares a document type or entities, which may be a trap; save it without them"
            raise InputError(msg) from error
        except (ValueError, LookupError, UnicodeError) as error:
            msg = f"{source.name} is in an encoding that cannot be read ({error}); save it as UTF-8"
            raise InputError(msg) from error


def _refuse(source: Source, element: Element, around: list[Element], root: frozenset[str] | None = None) -> None:
    if root and not around and bare(element.tag) not in root:
        expected = " or ".join(f"<{name}>" for name in sorted(root))
        msg = f"{source.name} is XML of another kind: it begins with <{bare(element.tag)}>, expected {expected}"
        raise InputError(msg)
    if len(around) > DEEPEST:
        msg = f"{source.name} has elements nested more than {DEEPEST} times; save it again with a program for maps"
        raise InputError(msg)


def bare(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """The first child of a name, in any namespace."""
    return next((inner for inner in element if bare(inner.tag) == name), None)


def child_text(element: Element, *path: str) -> str | None:
    """The text of a child, or of a child's child; nothing when it is blank or not there."""
    child_element: Element | None = element
    for name in path:
        child_element = child(child_element, name) if child_element is not None else None
    words = "".join(child_element.itertext())[:_MOST_TEXT].strip() if child_element is not None else ""
    return words or None
