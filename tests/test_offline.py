import re

from workbench.widgets import offline


def test_both_icon_fonts_are_inside_the_style_sheet():
    fonts = offline.icon_fonts()
    assert re.findall(r'font-family: "([^"]+)"', fonts) == ["Material Icons", "Material Icons Outlined"]
    assert len(re.findall(r"url\(data:font/woff2;base64,[A-Za-z0-9+/=]{10000,}\)", fonts)) == 2
    assert "url(." not in fonts


def test_the_rules_set_both_kinds_of_icons_and_weigh_nothing():
    rules = offline.icon_rules().splitlines()
    assert [rule.split(" ")[0] for rule in rules] == [":where(.material-icons)", ":where(.material-icons-outlined)"]
    assert all("liga" in rule for rule in rules)


def test_outside_a_notebook_nothing_is_published(capsys):
    offline.carry_icons()
    assert capsys.readouterr().out == ""
