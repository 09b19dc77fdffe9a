from __future__ import annotations

from xml.etree import ElementTree as ET

from tests.report import small


def test_text_from_the_input_is_escaped() -> None:
    html = small.scenario()._repr_html_()
    assert "Small &amp; &lt;b&gt;plain&lt;/b&gt;" in html
    assert "<b>" not in html


def test_each_is_one_well_formed_small_table() -> None:
    for thing in (small.scenario(), small.plan(), small.result()):
        html = thing._repr_html_()
        assert ET.fromstring(html).tag == "table"
        assert len(html) < 5000


def test_goals_of_a_result() -> None:
    cells = [td.text for td in ET.fromstring(small.result()._repr_html_()).iter("td")]
    assert cells[:4] == ["duties", "5,000", "0", "100.00 %"]
    assert cells[8:12] == ["need", "0", "-", "-"]
