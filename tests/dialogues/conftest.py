"""What is asserted beside the tests is explained as theirs is."""

import pytest

pytest.register_assert_rewrite("tests.dialogues.world")
