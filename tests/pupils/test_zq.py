import os
import time

import pytest
from django.db import connection

from pupils import policy
from tests.pupils.mutants import *


@pytest.mark.django_db
def test_quick():
    t = time.time()
    c = corpus(int(os.environ.get("N", "150")))
    print("corpus", time.time() - t)
    t = time.time()
    told = expected(c)
    print("stored", time.time() - t, len(told))
    t = time.time()
    connection.cursor().execute("ANALYZE")
    assert survives(policy.RULE, told)
    print("one", time.time() - t)
    t = time.time()
    ms = list(mutants())
    print(len(ms))
    left = [m for m in ms if survives(m.sql, told)]
    print("all", time.time() - t, len(left))
    for m in left:
        print(m.place)
