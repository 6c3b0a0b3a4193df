"""The public pages. Importing this package gives the one blueprint all its views."""

from s2group.site.views import home, machines, news, people, pictures, projects, publications, share
from s2group.site.views.blueprint import blueprint

__all__ = ["blueprint", "home", "machines", "news", "people", "pictures", "projects", "publications", "share"]
