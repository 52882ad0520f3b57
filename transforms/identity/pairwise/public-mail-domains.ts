/** Providers whose domain says nothing about the firm of the person. */
export const publicMailDomains: readonly string[] =
  'gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com msn.com yahoo.com yahoo.co.uk ymail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com web.de t-online.de freenet.de mail.com mail.ru yandex.ru orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it btinternet.com virginmedia.com sky.com eircom.net proton.me protonmail.com comcast.net verizon.net att.net qq.com 163.com bigpond.com'.split(
    ' ',
  );
