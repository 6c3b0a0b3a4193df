"""The applicant's pages. Importing this package gives the one blueprint all its views."""

from s2group.apply.views import check, notice, receipt, status, whole
from s2group.apply.views.blueprint import blueprint

__all__ = ["blueprint", "check", "notice", "receipt", "status", "whole"]
