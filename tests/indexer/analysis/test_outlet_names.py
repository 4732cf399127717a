"""By which words an outlet is found, and by which not."""

import pytest

from indexer.analysis.outlet_names import domain_label, searched_name


@pytest.mark.parametrize(
    ("domain", "label"),
    [
        ("bbc.co.uk", "bbc"),
        ("news.bbc.co.uk", "bbc"),
        ("example.com", "example"),
        ("co.uk", "co"),
        ("localhost", "localhost"),
    ],
)
def test_one_label_of_a_domain_tells_the_outlet(domain: str, label: str) -> None:
    assert domain_label(domain) == label


@pytest.mark.parametrize(
    ("name", "searched"),
    [
        ("Examiner.com", "Examiner examinercom"),
        ("www.BBC.co.uk", "BBC wwwbbccouk"),
        ("The Harbour News - al.com", "The Harbour News - al alcom"),
        ("NPR.org", "NPR nprorg"),
        ("(Vogue.com), Extra.ie.", "(Vogue voguecom), Extra extraie."),
        ("Página12.com.ar", "Página12 página12comar"),
        ("mail@al.com", "mail@al alcom"),
        ("BBC News UK", "BBC News UK"),
        ("St. Louis Dispatch", "St. Louis Dispatch"),
        ("No.1 Magazine", "No.1 Magazine"),
        ("U.S. Press", "U.S. Press"),
        ("co.uk", "co.uk"),
        ("", ""),
    ],
)
def test_of_a_domain_in_a_name_the_public_suffix_is_not_searched(name: str, searched: str) -> None:
    assert searched_name(name) == searched
