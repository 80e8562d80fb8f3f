"""通知：站内一行在前，邮件与短信在后。

对外的门：``posting.post`` 发通知，``inbox.unread_count`` 数未读，``inbox.settle`` 事已办则销通知，
``channels.sms.send_text`` 直接发一条短信（一次性验证码等本人正等着的内容）。
"""
