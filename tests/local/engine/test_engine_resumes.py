"""Résumés: sections by their headings, positions by their dates, degrees with their schools. The people are made up here."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.resumes.entries import Piece
from extract_bridge.local.engine.resumes.sections import heading_of
from extract_bridge.local.engine.resumes.studies import level_apart
from extract_bridge.local.engine.spans import find
from extract_bridge.local.engine.values import locale_of
from extract_bridge.parse.open import parse_document

TEXT = {"type": ["string", "null"]}
DATE = {"type": ["string", "null"], "format": "date"}


def rows(**properties):
    return {"type": "array", "items": {"type": "object", "properties": properties}}


WORK = rows(employer=TEXT, job_title=TEXT, start_date=TEXT, end_date=TEXT)
STUDIES = rows(school=TEXT, degree=TEXT)


def read(tmp_path, text, **properties):
    """The record of a one-page PDF: `#` a name, `##` a heading, `*` bold, `>>` to the right edge, `||` begins another column."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for column, part in enumerate(text.split("||")):
        x, y = (50, 215)[column], 790
        for line in part.strip().split("\n"):
            marked = line.lstrip("#* ")
            size = 18 if line.startswith("# ") else 11 if line.startswith("##") else 9
            canvas.setFont("Helvetica-Bold" if line[:1] in ("#", "*") else "Helvetica", size)
            left, _, right = marked.partition(" >> ")
            canvas.drawString(x, y, left)
            canvas.drawRightString(545, y, right)
            y -= 1.5 * size
    canvas.save()
    stored = tmp_path / "stored"
    stored.write_bytes(buffer.getvalue())
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(
        parse_document(stored, name="cv.pdf"), ExtractRequest(data_schema=schema)
    )
    return record.data


def job(employer, job_title, start_date, end_date):
    return {"employer": employer, "job_title": job_title, "start_date": start_date, "end_date": end_date}


JOBS = [
    job("Alder & Finch", "Content Editor", "June 2019", None),
    job("City Gazette", "Editorial Assistant", "2015", "May 2019"),
]


@pytest.mark.parametrize(
    "entries",
    [
        (
            "*Content Editor >> June 2019 - Present\nAlder & Finch, Portland, OR\n• Edited forty articles.\n"
            "*Editorial Assistant >> 2015 - May 2019\nCity Gazette, Eugene, OR\n• Helped the editor."
        ),
        (
            "*Alder & Finch\nContent Editor\nJune 2019 - Present\nLed the desk for long reads and wrote the style guide\n"
            "*City Gazette\nEditorial Assistant\n2015 - May 2019\nChecked facts for the weekend edition and its pictures"
        ),
        (
            "Content Editor, Alder & Finch (June 2019 - Present)\n• Edited forty articles.\n"
            "Editorial Assistant, City Gazette (2015 - May 2019)"
        ),
        "June 2019 - Present\n*Content Editor\nAlder & Finch\n• Edited.\n2015 - May 2019\n*Editorial Assistant\nCity Gazette",
        "Alder & Finch | Content Editor | June 2019 - Present\nCity Gazette | Editorial Assistant | 2015 - May 2019",
    ],
)
def test_positions_stand_in_many_orders(tmp_path, entries):
    text = f"# Olivia Hart\n## WORK EXPERIENCE\n{entries}\n## EDUCATION\n*B.A. in Journalism\nUniversity of Oregon, 2015"
    assert read(tmp_path, text, work_history=WORK)["work_history"] == JOBS


def test_a_resume_in_two_columns(tmp_path):
    text = (
        "## CONTACT\nolivia@post.example\nLeeds, UK\n## SKILLS\nSEO\nCopywriting, Layout\n## LANGUAGES\nWelsh (fluent)\n||\n# Olivia Hart\n"
        "Managing Editor\n## EXPERIENCE\n*Content Editor\nAlder & Finch\n06/2019 - heute\n## EDUCATION\n*B.A. in Journalism\nUniversity of Oregon"
    )
    listed = {"type": "array", "items": {"type": "string"}}
    asked = {
        "name": TEXT,
        "headline": TEXT,
        "city": TEXT,
        "skills": listed,
        "languages": rows(name=TEXT, level=TEXT),
    }
    assert read(tmp_path, text, **asked, education=rows(institution=TEXT, degree=TEXT, field=TEXT)) == {
        "name": "Olivia Hart",
        "headline": "Managing Editor",
        "city": "Leeds",
        "skills": ["SEO", "Copywriting", "Layout"],
        "languages": [{"name": "Welsh", "level": "fluent"}],
        "education": [{"institution": "University of Oregon", "degree": "B.A.", "field": "Journalism"}],
    }


def test_degree_and_school_in_either_order(tmp_path):
    text = (
        "# Jan Petersen\n## Berufserfahrung\n03/2018 - heute >> Lindner Software GmbH\n*Softwareentwickler\n"
        "## Ausbildung\n2017 >> Technische Universität Hamburg\n*Master of Science Informatik\nBSc Mathematics, Northern College of Art, 2012\n"
        "BS - Biology, Springdale University"
    )
    found = read(tmp_path, text, work_history=WORK, education=STUDIES)
    assert found["work_history"] == [job("Lindner Software GmbH", "Softwareentwickler", "03/2018", None)]
    assert found["education"] == [
        {"school": "Technische Universität Hamburg", "degree": "Master of Science Informatik"},
        {"school": "Northern College of Art", "degree": "BSc Mathematics"},
        {"school": "Springdale University", "degree": "BS - Biology"},
    ]


def test_a_year_is_the_first_day_of_a_beginning_and_no_end(tmp_path):
    text = "# Olivia Hart\n## EXPERIENCE\n*Content Editor\nAlder & Finch\n2016 - 2020\n## EDUCATION\nMBA, Alder Business School, 2015"
    asked = rows(company=TEXT, position=TEXT, startDate=DATE, endDate=DATE)
    assert read(tmp_path, text, experience=asked)["experience"] == [
        {"company": "Alder & Finch", "position": "Content Editor", "startDate": "2016-01-01", "endDate": None}
    ]


def test_a_text_that_must_not_be_null_says_present(tmp_path):
    text = "# Olivia Hart\n## EXPERIENCE\n*Content Editor\nAlder & Finch\n2016 - Present\n## EDUCATION\nMBA, Alder Business School"
    plain = {"type": "string"}
    assert read(tmp_path, text, jobs=rows(company=plain, end=plain))["jobs"] == [
        {"company": "Alder & Finch", "end": "Present"}
    ]


def test_lists_of_other_documents_and_of_other_things_are_left_alone(tmp_path):
    letter = "# Olivia Hart\nDear Sir,\nmy experience as an editor (2016 - 2020) at Alder & Finch may be of use to you."
    assert read(tmp_path, letter, work_history=WORK, full_name=TEXT)["work_history"] == []
    text = "# Olivia Hart\n## EXPERIENCE\n*Content Editor\nAlder & Finch\n2016 - 2020\n## EDUCATION\nMBA, Alder Business School"
    assert read(tmp_path, text, publications=rows(title=TEXT, date=TEXT))["publications"] == []


def test_a_line_of_a_trade_is_nobodys_name(tmp_path):
    text = "Senior Software Engineer\n## EXPERIENCE\n*Content Editor\nAlder & Finch\n2016 - 2020\n## EDUCATION\nMBA, Alder Business School"
    assert read(tmp_path, text, full_name=TEXT) == {"full_name": None}


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("WORK EXPERIENCE", "experience"),
        ("Legal Experience", "experience"),
        ("Formación académica", "education"),
        ("KENNTNISSE:", "skills"),
        ("Ten years of experience", None),
        ("experience", None),
    ],
)
def test_headings_are_known_by_their_words(text, section):
    assert heading_of(text) == section


def test_two_years_are_no_telephone_number():
    assert find("phone", "Chief resident (2010-2011), studies 2016 - 2020", locale_of(None, ())) == []


def test_a_language_without_a_level():
    assert level_apart(Piece("Welsh", (), None)).level is None
