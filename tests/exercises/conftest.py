"""Answers of students are texts for the tests, and no modules of them."""

collect_ignore_glob = ["solutions/*", "wrong/*"]
