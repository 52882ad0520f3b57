import type { Country } from './places.ts';

/** A firm is `<first word> <trade> <legal form>`; small firms are named after their owners. */
export const firstWords: readonly string[] =
  words(`Acorn Albion Amber Anchor Arden Aurora Beacon Birchwood Bluebird
  Bramble Brightwater Cedar Chalk Cobalt Compass Copper Crescent Crown Dovetail Eastgate Elm Ember Evergreen
  Falcon Fernhill Foxglove Garnet Granite Greyfriars Harbour Hazel Heron Highfield Hillside Holly Horizon Ivory
  Juniper Kestrel Keystone Kingfisher Lantern Larkspur Linden Lighthouse Lodestar Magpie Maple Marigold Meadow
  Meridian Millstone Moorland Nightingale Northern Oakwood Old-Mill Orchard Osprey Otter Pebble Penrose Pine
  Pioneer Quarry Quill Raven Redbrick Ridgeway Riverside Rowan Saffron Sandpiper Seven-Oaks Silver Skylark
  Sparrow Springwell Starling Stonebridge Summit Swan Tamarind Thistle Tidewater Union Valley Verdant Viaduct
  Walnut Wayside Westbrook Wheatsheaf Whitestone Willow Windmill Wren Yew`).map((word) =>
    word.replace('-', ' '),
  );

/** Trade and industry. */
export const trades: readonly (readonly [trade: string, industry: string])[] = [
  ['Hotels', 'hospitality'],
  ['Café', 'hospitality'],
  ['Bakery', 'hospitality'],
  ['Catering', 'hospitality'],
  ['Restaurants', 'hospitality'],
  ['Dental Practice', 'health'],
  ['Veterinary Clinic', 'health'],
  ['Physiotherapy', 'health'],
  ['Architects', 'services'],
  ['Solicitors', 'services'],
  ['Accountants', 'services'],
  ['Recruitment', 'services'],
  ['Design Studio', 'services'],
  ['Software', 'technology'],
  ['Robotics', 'technology'],
  ['Analytics', 'technology'],
  ['Engineering', 'manufacturing'],
  ['Plastics', 'manufacturing'],
  ['Joinery', 'manufacturing'],
  ['Textiles', 'manufacturing'],
  ['Garden Centre', 'retail'],
  ['Bookshop', 'retail'],
  ['Furniture', 'retail'],
  ['Bicycles', 'retail'],
  ['Logistics', 'transport'],
  ['Removals', 'transport'],
];

/** The first form is the usual one; systems write one firm with different forms. */
export const legalForms: Record<Country, readonly string[]> = {
  GB: ['Ltd', 'Limited', 'plc'],
  IE: ['Ltd', 'Limited', 'DAC'],
  DE: ['GmbH', 'AG', 'GmbH & Co. KG'],
  FR: ['SARL', 'SA', 'SAS'],
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
