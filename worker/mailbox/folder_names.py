"""The usual names of folders, as servers and programs create them in many languages."""

from __future__ import annotations

SENT = """
    sent | sent items | sent mail | sent messages | sent-mail | sent_items | sentmail | sent objects |
    gesendet | gesendete | gesendete elemente | gesendete objekte | gesendete nachrichten |
    gesendete mails | postausgang gesendet | verschickt | éléments envoyés | elements envoyes |
    envoyés | envoyes | messages envoyés | courrier envoyé | boîte d'envoi envoyés | objets envoyés |
    enviados | elementos enviados | mensajes enviados | correo enviado | correos enviados | enviat |
    enviats | elements enviats | itens enviados | mensagens enviadas | e-mails enviados |
    emails enviados | enviadas | bidaliak | inviata | inviati | posta inviata | elementi inviati |
    messaggi inviati | verzonden | verzonden items | verzonden berichten | verzonden objecten |
    skickat | skickade | skickade objekt | skickade meddelanden | sendt | sendte | sendt post |
    sendt e-post | sendte elementer | sendte meldinger | sendte beskeder | lähetetyt |
    lähetetyt viestit | lähetetyt kohteet | wysłane | elementy wysłane | wyslane | wiadomości wysłane |
    odeslané | odeslaná pošta | odeslane | odoslané | odoslaná pošta | odoslané položky | elküldött |
    elküldött elemek | elküldött üzenetek | elküldött levelek | trimise | mesaje trimise |
    elemente trimise | изпратени | изпратена поща | отправленные | отправленное |
    отправленные элементы | исходящие отправленные | надіслані | відправлені | надіслані елементи |
    poslano | poslane stavke | poslane poruke | poslana pošta | послато | saadetud | saadetud kirjad |
    nosūtītie | nosūtītie vienumi | išsiųsta | išsiųsti | išsiųsti laiškai | sendir hlutir |
    gönderilmiş öğeler | gönderilenler | gönderilmiş | gönderilmiş postalar | gönderilen | απεσταλμένα |
    σταλμένα | στοιχεία που έχουν σταλεί | נשלחו | פריטים שנשלחו | דואר שנשלח | المرسلة |
    العناصر المرسلة | البريد المرسل | المرسل | भेजे गए | ส่งแล้ว | รายการที่ส่ง | đã gửi | thư đã gửi |
    mục đã gửi | terkirim | pesan terkirim | item terkirim | 送信済み | 送信済みアイテム |
    送信済みメール | 送信済みトレイ | 已发送 | 已发送邮件 | 已发邮件 | 已傳送 | 已傳送的郵件 |
    寄件備份 | 寄件匣備份 | 보낸 편지함 | 보낸편지함 | 보낸메일함 | 보낸 메일함
"""

JUNK = """
    junk | spam | junk mail | junk e-mail | junk email | junk-e-mail | junkmail | bulk | bulk mail |
    spambox | quarantine | quarantaine | spam mail | spamverdacht | spam-verdacht | unerwünscht |
    unerwünschte werbung | werbung |
    junk-mail | junk-e-mails | courrier indésirable | indésirables | indésirable |
    courriels indésirables | pourriel | pourriels | correo no deseado | correo basura | no deseado |
    basura spam | correu brossa | lixo eletrônico | lixo eletrónico | lixo electrónico | email de lixo |
    posta indesiderata | indesiderata | posta indesiderata spam | ongewenste e-mail | ongewenst |
    ongewenste reclame | reclame | skräppost | skräp | uønsket post | uønsket e-mail | uønsket mail |
    søppelpost | søppel-e-post | roskaposti | roska | niechciane | wiadomości-śmieci | śmieci |
    wiadomości śmieci | nevyžádaná pošta | nevyžádané | nevyžiadaná pošta | levélszemét |
    mesaje nedorite | nedorite | e-mail nedorit | нежелана поща | спам | нежелательная почта |
    небажана пошта | небажані | neželena pošta | neželjena pošta | bezvērtīgs | mēstules | šlamštas |
    brukalas | rämpspost | gereksiz | gereksiz e-posta | istenmeyen | istenmeyen posta | ανεπιθύμητα |
    ανεπιθύμητη αλληλογραφία | ανεπιθύμητη | דואר זבל | זבל | ספאם | بريد عشوائي | البريد العشوائي |
    البريد غير الهام | بريد إلكتروني غير هام | สแปม | อีเมลขยะ | thư rác | thư rác spam | 迷惑メール |
    垃圾邮件 | 垃圾郵件 | 垃圾邮箱 | 정크 메일 | 스팸 | 스팸함 | 스팸메일함 | 정크메일
"""

DRAFTS = """
    drafts | draft | entwürfe | brouillons | brouillon | borradores | rascunhos | bozze | concepten |
    utkast | kladder | kladde | luonnokset | szkice | wersje robocze | kopie robocze | koncepty |
    rozepsané | piszkozatok | ciorne | чернови | черновики | чернетки | nacrti | skice | osnutki |
    mustandid | melnraksti | juodraščiai | taslaklar | πρόχειρα | טיוטות | المسودات | مسودات | 下書き |
    草稿 | 草稿箱 | 임시 보관함 | 임시보관함
"""

TRASH = """
    trash | deleted | deleted items | deleted messages | bin | papierkorb | gelöscht |
    gelöschte elemente | gelöschte objekte | corbeille | éléments supprimés | messages supprimés |
    papelera | elementos eliminados | paperera | lixeira | lixo | itens excluídos | itens eliminados |
    cestino | posta eliminata | eliminati | prullenbak | prullenmand | verwijderde items | verwijderd |
    papperskorgen | borttaget | borttagna objekt | papirkurv | slettet post | slettede elementer |
    søppel | roskakori | poistetut | kosz | elementy usunięte | koš | kôš | odstraněná pošta |
    odstránená pošta | kuka | lomtár | törölt elemek | coș de gunoi | gunoi | elemente șterse | кошче |
    корзина | удаленные | удалённые | кошик | видалені | smeće | koš za smeti | prügikast | atkritne |
    šiukšlinė | çöp | çöp kutusu | silinmiş öğeler | κάδος | κάδος απορριμμάτων | אשפה | פריטים שנמחקו |
    سلة المهملات | العناصر المحذوفة | ゴミ箱 | 削除済みアイテム | 已删除 | 已删除邮件 | 垃圾桶 |
    刪除的郵件 | 휴지통 | 지운 편지함
"""
