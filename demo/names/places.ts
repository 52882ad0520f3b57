export type Country = 'GB' | 'IE' | 'DE' | 'FR';

export interface Town {
  name: string;
  /** Prefix of its postcodes. */
  postcodeArea: string;
  /** Area code of its landlines, with the leading 0. */
  areaCode: string;
}

/** Towns by country, the big ones first. */
export const towns: Record<Country, readonly Town[]> = {
  GB: list(`London SW1,SE1,N1,E2,W11,NW3,EC2 020 | Birmingham B1,B13,B29 0121 | Manchester M1,M14,M20 0161
    | Leeds LS1,LS6,LS8 0113 | Glasgow G1,G12,G41 0141 | Liverpool L1,L17,L18 0151 | Bristol BS1,BS6,BS8 0117
    | Sheffield S1,S10,S11 0114 | Edinburgh EH1,EH3,EH10 0131 | Leicester LE1,LE2 0116 | Cardiff CF10,CF24 029
    | Nottingham NG1,NG7 0115 | Newcastle-upon-Tyne NE1,NE2 0191 | Brighton BN1,BN2 01273 | Oxford OX1,OX4 01865
    | Cambridge CB1,CB4 01223 | York YO1,YO24 01904 | Bath BA1,BA2 01225 | Norwich NR1,NR2 01603
    | Exeter EX1,EX4 01392 | Aberdeen AB10,AB24 01224 | Swansea SA1,SA2 01792 | Plymouth PL1,PL4 01752
    | Ipswich IP1,IP4 01473 | Stroud GL5 01453 | Hebden-Bridge HX7 01422 | Whitby YO21 01947 | Penzance TR18 01736`),
  IE: list(`Dublin D02,D04,D06,D08 01 | Cork T12 021 | Galway H91 091 | Limerick V94 061 | Waterford X91 051
    | Kilkenny R95 056`),
  DE: list(`Berlin 101,104,109,130 030 | Hamburg 200,203,222 040 | München 803,806,813 089 | Köln 506,508 0221
    | Frankfurt-am-Main 603,605 069 | Stuttgart 701,704 0711 | Düsseldorf 402,404 0211 | Leipzig 041,043 0341
    | Nürnberg 904 0911 | Göttingen 370 0551 | Tübingen 720 07071 | Münster 481 0251 | Lübeck 235 0451`),
  FR: list(`Paris 750 01 | Lyon 690 04 | Marseille 130 04 | Toulouse 310 05 | Nantes 440 02 | Besançon 250 03
    | Orléans 450 02 | Nîmes 300 04 | Évreux 270 02 | Sète 342 04`),
};

/** Streets by country. */
export const streets: Record<Country, readonly string[]> = {
  GB: names(`High Street,Station Road,Main Street,Park Road,Church Road,Church Street,London Road,Victoria Road,
    Green Lane,Manor Road,Church Lane,Park Avenue,The Avenue,The Crescent,Queens Road,New Road,Grange Road,Kings
    Road,Kingsway,Windsor Road,Highfield Road,Mill Lane,Alexander Road,York Road,St John's Road,Main Road,Broadway,
    King Street,The Green,Springfield Road,George Street,Park Lane,Victoria Street,Albert Road,Queensway,New Street,
    Queen Street,West Street,North Street,Manchester Road,The Grove,Richmond Road,Grove Road,South Street,School
    Lane,The Drive,North Road,Stanley Road,Chester Road,Mill Road`),
  IE: names(`Main Street,Patrick Street,O'Connell Street,Chapel Lane,Church Road,Shop Street,Castle Street,Bridge
    Street,Mill Road,Abbey Street,Grafton Street,Parnell Street,Dublin Road,Quay Street`),
  DE: names(`Hauptstraße,Bahnhofstraße,Gartenstraße,Schillerstraße,Goethestraße,Lindenstraße,Kirchweg,Mühlenweg,
    Bergstraße,Schulstraße,Wiesenweg,Rosenstraße,Königstraße,Beethovenstraße,Am Markt,Dorfstraße,Birkenweg,
    Ringstraße,Blumenstraße,Waldstraße,Feldstraße,Jägerstraße`),
  FR: names(`Rue de la Paix,Rue Victor Hugo,Avenue de la République,Rue de l'Église,Place du Marché,Rue Pasteur,
    Boulevard Voltaire,Rue des Écoles,Rue du Moulin,Avenue Jean Jaurès,Rue de la Gare,Rue Molière,Rue des Lilas,
    Impasse des Chênes,Rue Saint-Honoré`),
};

function list(text: string): Town[] {
  return text.split('|').flatMap((entry) => {
    const [name = '', areas = '', areaCode = ''] = entry.trim().split(/\s+/);
    return areas
      .split(',')
      .map((postcodeArea) => ({ name: name.replaceAll('-', ' '), postcodeArea, areaCode }));
  });
}

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim().replace(/\s+/g, ' '));
}
