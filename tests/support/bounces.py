"""Notices of mail that came back, as the mail systems that people here meet write them."""

from base64 import encodebytes

RECIPIENT = "pi@example.org"


def returned_headers(message_id: str) -> str:
    """The head of the mail that came back."""
    return (
        "Return-Path: <portal@example.org>\n"
        "Received: from portal (localhost [127.0.0.1]) by mx.example.net (Postfix) with ESMTP id 4F3D21C0\n"
        "Subject: =?utf-8?b?5o6o5YWN?=\n"
        f"Message-ID: {message_id}\n"
        "From: portal@example.org\n"
        f"To: {RECIPIENT}\n"
        "Auto-Submitted: auto-generated\n"
    )


def returned_mail(message_id: str) -> str:
    """The whole of it."""
    return returned_headers(message_id) + "Content-Type: text/plain; charset=utf-8\n\nA new application has come in.\n"


def _base64(text: str, charset: str = "utf-8") -> str:
    return encodebytes(text.encode(charset)).decode("ascii")


def postfix(message_id: str, *, action: str = "failed") -> bytes:
    """Postfix: only the headers come back. With `action` 'delayed' it is the warning that it sends after hours."""
    failed = action == "failed"
    subject = "Undelivered Mail Returned to Sender" if failed else "Delayed Mail (still being retried)"
    code = "550 5.1.1" if failed else "451 4.7.1"
    return f"""Return-Path: <>
Received: by mx.example.net (Postfix) id 9A1B2C3D4E; Wed,  2 Sep 2026 06:10:01 +0000 (UTC)
Date: Wed,  2 Sep 2026 06:10:01 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: {subject}
To: portal@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F3D21C0.1788329401/mx.example.net"
Content-Transfer-Encoding: 8bit
Message-Id: <20260902061001.9A1B2C3D4E@mx.example.net>

This is a MIME-encapsulated message.

--4F3D21C0.1788329401/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{RECIPIENT}>: host mail.example.org[192.0.2.7] said: {code}
    <{RECIPIENT}>: Recipient address rejected (in reply to RCPT TO command)

--4F3D21C0.1788329401/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4F3D21C0
X-Postfix-Sender: rfc822; portal@example.org
Arrival-Date: Wed,  2 Sep 2026 06:06:00 +0000 (UTC)

Final-Recipient: rfc822; {RECIPIENT}
Original-Recipient: rfc822;{RECIPIENT}
Action: {action}
Status: {code[4:]}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {code} <{RECIPIENT}>: Recipient address
    rejected

--4F3D21C0.1788329401/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{returned_headers(message_id)}
--4F3D21C0.1788329401/mx.example.net--
""".encode()


def exim(message_id: str) -> bytes:
    """Exim 4.9x: a report, and the recipient in a header of its own."""
    return f"""Return-path: <>
X-Failed-Recipients: {RECIPIENT}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: portal@example.org
References: {message_id}
Content-Type: multipart/report; report-type=delivery-status; boundary=1788329401-eximdsn-1342
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1qX3Zp-0005Cq-Uy@mx.example.net>

--1788329401-eximdsn-1342
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {RECIPIENT}
    host mail.example.org [192.0.2.7]
    SMTP error from remote mail server after end of data:
    552 5.2.2 Mailbox full

--1788329401-eximdsn-1342
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Action: failed
Final-Recipient: rfc822;{RECIPIENT}
Status: 5.0.0
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full

--1788329401-eximdsn-1342
Content-type: message/rfc822

{returned_mail(message_id)}
--1788329401-eximdsn-1342--
""".encode()


def old_exim(message_id: str) -> bytes:
    """Exim as it was for long, and often still is: one text without parts."""
    return f"""X-Failed-Recipients: {RECIPIENT}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: portal@example.org
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {RECIPIENT}
    SMTP error from remote mail server after RCPT TO:<{RECIPIENT}>:
    host mail.example.org [192.0.2.7]: 550 5.1.1 No such user here

------ This is a copy of the message, including all the headers. ------

{returned_mail(message_id)}""".encode()


def exim_warning(message_id: str) -> bytes:
    """Exim's word that it is still trying, after a day."""
    return f"""Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: portal@example.org
References: {message_id}
Subject: Warning: message 1qX3Zp-0005Cq-Uy delayed 24 hours

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.net.

The address to which the message has not yet been delivered is:

  {RECIPIENT}
    Delay reason: 451 4.7.1 Try again later

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals.
""".encode()


def qq(message_id: str) -> bytes:
    """QQ mail: a page in Chinese, and the mail that came back as a file; no report for machines."""
    page = _base64(
        "<html><body><div>抱歉，你的邮件被退回来了……</div><table><tr><td>收件人邮件地址：</td>"
        f"<td>&lt;{RECIPIENT}&gt;</td></tr><tr><td>退信原因：</td><td>收件人地址不存在</td></tr></table>\n"
        "<div>host mail.example.org[192.0.2.7] said: 550 Mailbox not found. http://service.example.org/?id=31</div>\n"
        "</body></html>\n",
        "gb18030",
    )
    return f"""From: "=?gb18030?B?{_base64("系统退信", "gb18030").strip()}?=" <PostMaster@qq.example.org>
To: portal@example.org
Subject: =?gb18030?B?{_base64("系统退信：推免", "gb18030").strip()}?=
Mime-Version: 1.0
Content-Type: multipart/mixed;
\tboundary="----=_NextPart_6A97C8F9_0A5C2B10_5B0B1C2D"
Content-Transfer-Encoding: 8Bit
Message-ID: <tencent_7C0A9B1D2E3F4A5B6C7D8E9F@qq.example.org>

This is a multi-part message in MIME format.

------=_NextPart_6A97C8F9_0A5C2B10_5B0B1C2D
Content-Type: text/html;
\tcharset="gb18030"
Content-Transfer-Encoding: base64

{page}
------=_NextPart_6A97C8F9_0A5C2B10_5B0B1C2D
Content-Type: application/octet-stream;
\tcharset="gb18030";
\tname="original.eml"
Content-Disposition: attachment; filename="original.eml"
Content-Transfer-Encoding: base64

{_base64(returned_mail(message_id))}
------=_NextPart_6A97C8F9_0A5C2B10_5B0B1C2D--
""".encode()


def netease(message_id: str) -> bytes:
    """163 mail: a report beside a page in Chinese, without a space after the semicolons."""
    page = _base64(f"<p>你的邮件没有送达 {RECIPIENT}。</p><p>原因：550 RP:DVF 对方拒收</p>", "gbk")
    return f"""From: Postmaster@163.example.org
To: portal@example.org
Subject: =?GBK?B?{_base64("系统退信", "gbk").strip()}?=
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_Part_163_1788329401"

--=_Part_163_1788329401
Content-Type: text/html; charset="gb2312"
Content-Transfer-Encoding: base64

{page}
--=_Part_163_1788329401
Content-Type: message/delivery-status

Reporting-MTA: dns;mail163.example.org

Final-recipient: RFC822;{RECIPIENT}
Action: FAILED
Status: 5.7.1
Diagnostic-code: SMTP;550 RP:DVF rejected by recipient

--=_Part_163_1788329401
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

{_base64(returned_mail(message_id))}
--=_Part_163_1788329401--
""".encode()


def microsoft(message_id: str) -> bytes:
    """Microsoft 365: alternatives for people within the report, the long diagnosis of Exchange."""
    return f"""From: <postmaster@tenant.example.org>
To: <portal@example.org>
Date: Wed, 2 Sep 2026 06:07:12 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="7f1b5c9e-0d3a-4b8e-9a51-2f6f0c0d9e11"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <b1946ac9-2f00-4c6e-8c1a-6f0f9d1f2a3b@tenant.example.org>
In-Reply-To: {message_id}
References: {message_id}
Subject: Undeliverable: =?utf-8?B?5o6o5YWN?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--7f1b5c9e-0d3a-4b8e-9a51-2f6f0c0d9e11
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="a3c1e0f2-inner"

--a3c1e0f2-inner
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {RECIPIENT} couldn't be delivered.
pi wasn't found at example.org.

Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipien=
t {RECIPIENT.replace("@", "=40")} not found by SMTP address lookup'

--a3c1e0f2-inner
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><h1>Your message couldn't be delivered</h1></body></html>

--a3c1e0f2-inner--

--7f1b5c9e-0d3a-4b8e-9a51-2f6f0c0d9e11
Content-Type: message/delivery-status

Reporting-MTA: dns;SN6PR04MB4717.prod.example.org
Received-From-MTA: dns;mx.example.net
Arrival-Date: Wed, 2 Sep 2026 06:07:11 +0000

Final-Recipient: rfc822;{RECIPIENT}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {RECIPIENT} not found by SMTP address lookup

--7f1b5c9e-0d3a-4b8e-9a51-2f6f0c0d9e11
Content-Type: message/rfc822

{returned_mail(message_id)}
--7f1b5c9e-0d3a-4b8e-9a51-2f6f0c0d9e11--
""".encode()
