"""Fictional content files that fill every field of every kind."""

import shutil
from pathlib import Path

from tests.support.pictures import make_jpeg, make_png
from tests.support.sample import SAMPLE
from tests.support.sounds import make_mp3, make_wav

GROUP = """
[privacy]
zh = "**学校**的数据保护负责人：示例。"
en = "The data protection officer of the **university**: Sample."
[[selected]]
paper = "jia2026first"
says = { zh = "一句话。", en = "One sentence." }
[[filings]]
text = "网安备 00000000000000 号"
[[partners]]
name = { zh = "另一所大学", en = "Another \\"University\\"" }
url = "https://example.org/another?a=1&b=2"
note = { zh = "一起做事。", en = "They do\\nthings together." }
"""
MEMBERS = """\
name_zh,name_en,role,degree,cohort,status,focus_zh,focus_en,order,joined,left,destination_zh,destination_en,lines,slug
测试甲,Test Jia,pi,,,current,示例研究,sample research,1,2015-03,,,,first-line;second-line,
测试乙,Test Yi,phd,,2024,current,示例合成,"sample ""synthesis"", and more",,2024-09-01,,,,,
测试丙,Test Bing,master,academic,2025,current,,,,,,,,,test-c
测试丁,Test Ding,master,professional,2021,alumni,示例识别,,,2021-09,2024-06,示例公司,Sample Ltd,second-line,
"""
PERSON = """
aliases = ["T. Yi", "Yi T."]
email = "yi@example.org"
selected = ["jia2026first"]
co_supervision = { zh = "与示例大学", en = "With Sample University" }
photo = "people/another.png"
[biography]
zh = \"\"\"
第一段 \\\\ 反斜线。

第二段 "引号"。
\"\"\"
en = "One paragraph."
[links]
homepage = "https://example.org/~yi"
wechat = "示例公众号"
""" + "".join(
    f"""
[[{table}]]
period = "2020.09 – 2024.06"
text = {{ zh = "{table}一", en = "{table} *one*" }}
url = "https://example.org/{table}"
[[{table}]]
text = {{ zh = "{table}二" }}
"""
    for table in (
        "education", "experience", "internships", "honours", "talks", "services", "software", "projects", "news",
    )
)  # fmt: skip
PROJECTS = """\
title_zh,title_en,funder_zh,funder_en,grant_number,start,end,role,programme_zh,programme_en,people,papers,lines
示例项目,Sample,基金,Fund,S-1,2025-01,2028-12,lead,计划,Plan,test-yi;test-jia,jia2026first,second-line
旧项目,Former project,示例基金,Sample Foundation,,,,participant,,,,,
"""
PAPERS = r"""
@incollection{full2024fifth,
  title = {Everything \& more: 50\% of {$x_1$} -- a sample},
  author = {Yi, Test and {Sample, Inc.} and Jia, Test and others},
  author+an = {1=equal, corresponding; 3=namesake},
  editor = {Ding, Test},
  booktitle = {Handbook of Samples},
  publisher = {Sample Press},
  address = {Sampletown},
  month = mar,
  year = {2024},
  volume = {3},
  number = {4},
  pages = {1--9},
  doi = {10.5555/full},
  eprint = {2401.00005},
  url = {https://example.org/papers/fifth},
  abstract = {What it is: 100\% made up, with ``quotes'' and a \textbackslash{} in it.},
  keywords = {samples, R\&D},
  award = {Best #1},
  code = {https://github.com/example/fifth},
  demo = {https://example.org/demo_5},
  project = {https://example.org/project},
  video = {https://example.org/video},
  poster = {https://example.org/poster},
  slides = {https://example.org/slides},
  dataset = {https://example.org/dataset},
  pdf = {https://example.org/fifth.pdf},
  preprint = {https://example.org/preprint},
  lines = {second-line, first-line},
  repository = {example/other-repository},
  impact = {Used by [many](https://example.org/many)
    Cited *often*},
  teaser = {papers/fifth.png},
  teaser_alt = {A curve that rises by 10\% \& falls},
  ids = {oldest2023fifth, older2024fifth},
}

@misc{early2025,
  title = {A Preprint and its Paper},
  author = {Jia, Test},
  eprint = {2501.00001},
  url = {https://example.org/early},
  year = {2025},
}

@inproceedings{late2026,
  title = {A Preprint and its Paper},
  author = {Jia, Test},
  booktitle = {SAMPLECONF},
  year = {2026},
}

@phdthesis{thesis2020, title = {测试论文}, author = {测试甲}, school = {示例大学}, year = {2020}}
"""
VENUES = """
[[venues]]
short_name = "SAMPLECONF"
name = "Sample Conference"
aliases = ["Conference of Samples"]
ccf = "A"
caai = "B"
jcr = "Q1"
[[venues]]
short_name = "JoS"
name = "Journal of Samples"
"""
SAMPLES = """
[[items]]
key = "second"
title = { zh = "一段录音", en = "A recording" }
file = "speech/second.wav"
transcript = { zh = "第一句。\\n第二句。", en = "One sentence.\\nAnother." }
speaker = { zh = "合成语音", en = "A synthetic voice" }
licence = "CC BY 4.0"
papers = ["late2026", "jia2026first"]
lines = ["second-line", "first-line"]
[[items]]
key = "first"
title = { en = "Noise" }
file = "noise.mp3"
transcript = { en = "Wind in the trees." }
lines = ["first-line"]
"""
NEWS = """
[[items]]
slug = "full-news"
month_only = true
day = 2026-02-01
category = "award"
pinned = true
at = 2026-02-01T09:30:00+08:00
members = ["test-yi", "test-jia"]
papers = ["jia2026first", "early2025"]
title = { zh = "一切", en = "Everything" }
body = { zh = "一行\\n\\n- 又一行", en = "A line\\n\\n- another" }
[[items.pictures]]
file = "news/talk.jpg"
alt = { zh = "报告", en = "A talk" }
[[items.pictures]]
file = "people/another.png"
alt = { en = "A person" }

[[items]]
slug = "a-draft"
day = 2026-02-01
draft = true
title = { en = "Not yet" }
body = { en = "Nobody sees it." }
"""


def write_full_content(folder: Path) -> Path:
    """The sample's content, with every field of every kind in it."""
    shutil.copytree(SAMPLE, folder)
    for path in ("people/another.png", "papers/fifth.png"):
        _write(folder / "pictures" / path, make_png((30, 40) if "fifth" in path else (31, 40)))
    _write(folder / "pictures" / "news" / "talk.jpg", make_jpeg((60, 40)))
    _write(folder / "sounds" / "noise.mp3", make_mp3(3))
    _write(folder / "sounds" / "speech" / "second.wav", make_wav(7))
    (folder / "samples.toml").write_text(SAMPLES)
    (folder / "members.csv").write_text(MEMBERS)
    (folder / "projects.csv").write_text(PROJECTS)
    (folder / "people" / "test-yi.toml").write_text(PERSON)
    (folder / "venues.toml").write_text(VENUES)
    for name, more in (("group.toml", GROUP), ("publications.bib", PAPERS), ("news.toml", NEWS)):
        (folder / name).write_text((folder / name).read_text() + more)
    return folder


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
