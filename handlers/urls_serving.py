"""服务代表一段的地址：服务活动、责任人员、对口联系、留言、栏目、制度库。"""
from django.urls import path

from .views import columns, liaising, regulations, serving, threads

urlpatterns = [
    path("unit/serving/", serving.services, name="services"),
    path("unit/serving/new/", serving.service_new, name="service_new"),
    path("unit/serving/<int:pk>/", serving.service, name="service"),
    path("unit/serving/deputies/", serving.served, name="served"),
    path("unit/serving/deputies/lookup/", serving.deputy_lookup, name="deputy_lookup"),
    path("unit/serving/people/", liaising.people, name="unit_people"),
    path("unit/serving/people/divisions/<int:pk>/", liaising.room_liaison, name="room_liaison"),
    path("unit/serving/people/service/", liaising.service_post, name="service_post"),
    path("unit/serving/people/<int:pk>/end/", liaising.post_end, name="post_end"),
    path("unit/serving/counterparts/", liaising.counterparts, name="counterparts"),
    path("unit/serving/counterparts/new/", liaising.counterpart_new, name="counterpart_new"),
    path("unit/serving/counterparts/<int:pk>/", liaising.counterpart, name="counterpart"),
    path("unit/serving/counterparts/<int:pk>/replace/", liaising.counterpart_replace, name="counterpart_replace"),
    path("unit/serving/messages/", threads.messages, name="messages"),
    path("unit/serving/messages/<int:pk>/", threads.thread, name="thread"),
    path("unit/serving/columns/", columns.columns, name="columns"),
    path("unit/serving/columns/new/", columns.column_new, name="column_new"),
    path("unit/serving/columns/articles/new/", columns.article_new, name="article_new"),
    path("articles/<int:pk>/", columns.article, name="article"),
    path("deputies/<int:pk>/", serving.served_deputy, name="served_deputy"),
    path("regulations/", regulations.regulations, name="regulations"),
    path("regulations/new/", regulations.regulation_new, name="regulation_new"),
    path("regulations/<int:pk>/", regulations.regulation, name="regulation"),
    path("regulations/<int:pk>/revise/", regulations.regulation_revise, name="regulation_revise"),
]
