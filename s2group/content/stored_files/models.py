"""Which document a file of the public record is."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.documents.models import Document
from s2group.extensions import Base


class ContentFile(Base):
    """A picture, a paper or a sound of the content folder, and the document that holds its bytes."""

    __tablename__ = "content_file"

    # Below the content folder, such as pictures/people/rui-liu.jpg or papers/jia2026first.pdf.
    path: Mapped[str] = mapped_column(String(250), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), unique=True)
    document: Mapped[Document] = relationship()
