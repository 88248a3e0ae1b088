"""How a CSV's text is written."""

ENCODINGS = {"utf-8-sig": "UTF-8 (Excel)", "cp949": "CP949 (옛 프로그램)"}
"""With its byte order mark, without which Excel shows no Korean; and what older programs of Korea read."""
