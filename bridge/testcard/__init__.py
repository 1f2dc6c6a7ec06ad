"""A moving test programme, made here and published by WHIP like any other: a clock that everybody can compare with his
own, a block that moves evenly, and each second a tone together with a flash.
"""
