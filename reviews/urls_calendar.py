from django.urls import path

from . import views_calendar as views

urlpatterns = [
    path("me/calendar/", views.my_calendar, name="my_calendar"),
    path("me/calendar/end/", views.end_calendar, name="end_calendar"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
    path("reviews/<uuid:review_id>/review.ics", views.review_file, name="review_file"),
]
