"""A paper of which the files tell twice, as a preprint and as published."""

TWICE = """
@inproceedings{gu2025codec, title = {Codec models that listen while they speak}, author = {Gu, Ada and Jia, T.},
  booktitle = {Conference of Tests}, year = 2025, doi = {10.5555/codec}, lines = {first-line},
}
@misc{gu2024codec, title = {Codec language models that listen while they speak}, author = {Gu, A. and Jia, T.},
  howpublished = {arXiv}, year = 2024, eprint = {2401.00009}, keywords = {codec}, lines = {second-line},
}
"""
PAIR = ("gu2025codec", "gu2024codec")
